package io.opgraft.tensorflow.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.ModelDescription;
import io.opgraft.backend.OpScope;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.KernelDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

class MismatchTest {
    private static final OpDef.AttrDef BIAS = OpDef.AttrDef.newBuilder()
            .setName("bias")
            .setType("float")
            .setDefaultValue(Graphs.number(0.5f))
            .build();
    private static final OpDef PLAIN = OpDef.newBuilder()
            .setName("LabScale")
            .addInputArg(Graphs.argument("x"))
            .addOutputArg(Graphs.argument("y"))
            .build();
    private static final OpDef BIASED = PLAIN.toBuilder().addAttr(BIAS).build();

    private static List<String> mismatches(OpScope scope, NodeDef node, OpDef... listed) throws Exception {
        ModelDescription description =
                Lab.BACKEND.inspect(Lab.source(Graphs.writeSavedModel(Graphs.scaled(node), listed), Map.of()));
        assertEquals(1, description.requirements().size());
        return scope.mismatches(description.requirements().get(0));
    }

    private static NodeDef plain() {
        return Graphs.node("s", "LabScale", "x").build();
    }

    private static NodeDef biased() {
        return Graphs.node("s", "LabScale", "x")
                .putAttr("bias", Graphs.number(1.5f))
                .build();
    }

    @Test
    void anUnknownAttributeIsAMismatchWithAndWithoutADefinition() throws Exception {
        OpScope doubling = Lab.doubling("mismatch 1.0.0");
        assertEquals(List.of("attribute \"bias\" is unknown to it"), mismatches(doubling, biased()));
        assertEquals(List.of("attribute \"bias\" is unknown to it"), mismatches(doubling, biased(), BIASED));
        // The author of the model saw another op, but no node uses what this one lacks.
        assertEquals(List.of(), mismatches(doubling, plain(), BIASED));
        // A list that is wrong about the node does not hide it.
        assertEquals(List.of("attribute \"bias\" is unknown to it"), mismatches(doubling, biased(), PLAIN));
    }

    @Test
    void equalDefinitionsFit() throws Exception {
        OpScope doubling = Lab.doubling("mismatch 1.0.1");
        OpScope tenfold = Lab.tenfold("mismatch 2.0.0");
        assertEquals(List.of(), mismatches(doubling, plain()));
        assertEquals(List.of(), mismatches(doubling, plain(), PLAIN));
        assertEquals(List.of(), mismatches(tenfold, biased(), BIASED));
        assertEquals(List.of(), mismatches(tenfold, plain()));
        OpDef described = BIASED.toBuilder()
                .setSummary("Scales.")
                .setDescription("At length.")
                .setAttr(0, BIAS.toBuilder().setDescription("Added."))
                .build();
        assertEquals(List.of(), mismatches(tenfold, plain(), described));
        NodeDef marked = plain().toBuilder()
                .putAttr("_output_shapes", AttrValue.getDefaultInstance())
                .build();
        assertEquals(List.of(), mismatches(doubling, marked));
    }

    @Test
    void otherDefinitionsAreTold() throws Exception {
        OpScope tenfold = Lab.tenfold("mismatch 2.0.1");
        assertEquals(List.of(), mismatches(tenfold, plain(), PLAIN), "an attribute with a default may be added");
        OpDef zero = PLAIN.toBuilder()
                .addAttr(BIAS.toBuilder().setDefaultValue(Graphs.number(0)))
                .build();
        assertEquals(
                List.of("its attribute \"bias\" has the default 0.5, but the model relies on the default 0.0"),
                mismatches(tenfold, plain(), zero));
        assertEquals(List.of(), mismatches(tenfold, biased(), zero));
        OpDef two = BIASED.toBuilder().addInputArg(Graphs.argument("z")).build();
        assertEquals(
                List.of("its inputs are (x: float), but the model expects (x: float, z: float)"),
                mismatches(tenfold, plain(), two));
        OpDef other = BIASED.toBuilder()
                .setOutputArg(0, Graphs.argument("y").toBuilder().setType(DataType.DT_INT32))
                .build();
        assertEquals(
                List.of("its outputs are (y: float), but the model expects (y: int32)"),
                mismatches(tenfold, plain(), other));
        OpDef stateful = BIASED.toBuilder().setIsStateful(true).build();
        assertEquals(
                List.of("it is not stateful, so runs of it may be shared or left out, but the model expects that each "
                        + "counts"),
                mismatches(tenfold, plain(), stateful));
    }

    @Test
    void usesAreHeldAgainstTheDefinition() throws Exception {
        OpScope doubling = Lab.doubling("mismatch 1.0.2");
        assertEquals(
                List.of("it takes 1 input, but the model gives 2"),
                mismatches(doubling, Graphs.node("s", "LabScale", "x", "x").build()));
        assertEquals(
                List.of(),
                mismatches(doubling, Graphs.node("s", "LabScale", "x", "^x").build()));
        OpScope tenfold = Lab.tenfold("mismatch 2.0.2");
        NodeDef wrongType = Graphs.node("s", "LabScale", "x")
                .putAttr("bias", Graphs.type(DataType.DT_FLOAT))
                .build();
        assertEquals(
                List.of("its attribute \"bias\" is of type float, but the model sets float"),
                mismatches(tenfold, wrongType));
    }

    @Test
    void allowedTypesAndKernelsAreChecked() {
        OpDef op = OpDef.newBuilder()
                .setName("P>Typed")
                .addInputArg(OpDef.ArgDef.newBuilder().setName("x").setTypeAttr("T"))
                .addAttr(OpDef.AttrDef.newBuilder()
                        .setName("T")
                        .setType("type")
                        .setAllowedValues(Graphs.types(DataType.DT_FLOAT, DataType.DT_INT32)))
                .build();
        KernelDef kernel = KernelDef.newBuilder()
                .setOp("P>Typed")
                .setDeviceType("CPU")
                .addConstraint(KernelDef.AttrConstraint.newBuilder()
                        .setName("T")
                        .setAllowedValues(Graphs.types(DataType.DT_FLOAT)))
                .build();
        assertEquals(List.of(), check(op, kernel, DataType.DT_FLOAT));
        assertEquals(List.of("it has no CPU kernel for T=int32"), check(op, kernel, DataType.DT_INT32));
        assertTrue(check(op, kernel, DataType.DT_DOUBLE)
                .contains("its attribute \"T\" does not allow double, only float, int32"));
        assertEquals(
                List.of("it has no CPU kernel"),
                check(op, kernel.toBuilder().setDeviceType("GPU").build(), DataType.DT_FLOAT));
        Requirement unset = new Requirement(
                "Typed", null, List.of(Graphs.node("s", "Typed", "x").build()), List.of());
        assertEquals(
                List.of("its attribute \"T\" has no default and the model does not set it"),
                NodeCheck.differences(unset, op, List.of(kernel)));
        // In a function the type may be known only at the call.
        NodeDef open = Graphs.node("s", "Typed", "x")
                .putAttr("T", AttrValue.newBuilder().setPlaceholder("T").build())
                .build();
        Requirement later = new Requirement("Typed", null, List.of(), List.of(open));
        assertEquals(List.of(), NodeCheck.differences(later, op, List.of(kernel)));
    }

    private static List<String> check(OpDef op, KernelDef kernel, DataType type) {
        NodeDef node =
                Graphs.node("s", "Typed", "x").putAttr("T", Graphs.type(type)).build();
        return NodeCheck.differences(new Requirement("Typed", null, List.of(node), List.of()), op, List.of(kernel));
    }
}
