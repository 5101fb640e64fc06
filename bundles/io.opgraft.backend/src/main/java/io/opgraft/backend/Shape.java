package io.opgraft.backend;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The dimensions of a tensor, or of a tensor that a model declares, where {@link #ANY} stands for any size. */
public final class Shape {
    /** A dimension whose size the request decides. */
    public static final long ANY = -1;

    private final long[] dimensions;

    private Shape(long[] dimensions) {
        this.dimensions = dimensions;
    }

    /**
     * Makes a shape.
     *
     * @param dimensions sizes from the outermost to the innermost, each at least 0 or {@link #ANY}
     * @return the shape
     * @throws IllegalArgumentException if a size is below {@link #ANY}
     */
    public static Shape of(long... dimensions) {
        for (long d : dimensions) {
            if (d < ANY) {
                throw new IllegalArgumentException("dimension " + d + " in " + Arrays.toString(dimensions));
            }
        }
        return new Shape(dimensions.clone());
    }

    /**
     * The number of dimensions.
     *
     * @return 0 for a scalar
     */
    public int rank() {
        return dimensions.length;
    }

    /**
     * One dimension.
     *
     * @param index 0 for the outermost
     * @return its size, or {@link #ANY}
     */
    public long dimension(int index) {
        return dimensions[index];
    }

    /**
     * All dimensions.
     *
     * @return a copy
     */
    public long[] toArray() {
        return dimensions.clone();
    }

    /**
     * Whether every size is known.
     *
     * @return false if a dimension is {@link #ANY}
     */
    public boolean isConcrete() {
        for (long d : dimensions) {
            if (d < 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * The number of elements.
     *
     * @return the product of the dimensions, 1 for a scalar
     * @throws ArithmeticException if the product does not fit, however small a zero elsewhere would make it
     * @throws IllegalStateException if a dimension is {@link #ANY}
     */
    public long elementCount() {
        long count = 1;
        boolean empty = false;
        for (long d : dimensions) {
            if (d < 0) {
                throw new IllegalStateException("shape " + this + " has no element count");
            }
            if (d == 0) {
                empty = true;
            } else {
                count = Math.multiplyExact(count, d);
            }
        }
        return empty ? 0 : count;
    }

    /**
     * Whether a tensor of another shape may stand where this one is declared.
     *
     * @param actual a concrete shape
     * @return true if the ranks are equal and every size is equal or {@link #ANY} here
     */
    public boolean accepts(Shape actual) {
        if (actual.rank() != rank()) {
            return false;
        }
        for (int i = 0; i < dimensions.length; i++) {
            if (dimensions[i] != ANY && dimensions[i] != actual.dimensions[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(dimensions, shape.dimensions);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dimensions);
    }

    /** The sizes in brackets, as the protocol writes them: {@code [-1,16]}. */
    @Override
    public String toString() {
        return Arrays.stream(dimensions).mapToObj(Long::toString).collect(Collectors.joining(",", "[", "]"));
    }
}
