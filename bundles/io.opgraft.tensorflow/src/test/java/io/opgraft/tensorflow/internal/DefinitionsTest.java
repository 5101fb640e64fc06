package io.opgraft.tensorflow.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.KernelDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/** One test for each rule by which an op may change, or not, without harm to a model. */
class DefinitionsTest {
    private static final NodeDef PLAIN = Graphs.node("n", "Op", "x").build();

    private static OpDef op(Consumer<OpDef.Builder> change) {
        OpDef.Builder op = OpDef.newBuilder()
                .setName("Op")
                .addInputArg(Graphs.argument("x"))
                .addOutputArg(Graphs.argument("y"));
        change.accept(op);
        return op.build();
    }

    private static final OpDef OP = op(o -> {});

    private static OpDef.ArgDef arg(String name, String type, String number, String list) {
        return OpDef.ArgDef.newBuilder()
                .setName(name)
                .setTypeAttr(type)
                .setNumberAttr(number)
                .setTypeListAttr(list)
                .build();
    }

    private static OpDef.AttrDef.Builder attr(String name, String type) {
        return OpDef.AttrDef.newBuilder().setName(name).setType(type);
    }

    private static OpDef.AttrDef.Builder number(String name, long value) {
        return attr(name, "int").setDefaultValue(AttrValue.newBuilder().setI(value));
    }

    private static AttrValue placeholder(String name) {
        return AttrValue.newBuilder().setPlaceholder(name).build();
    }

    private static List<String> differences(OpDef before, OpDef now, NodeDef... nodes) {
        return Definitions.differences(new Requirement("Op", before, List.of(nodes), List.of()), now);
    }

    private static List<String> inFunction(OpDef before, OpDef now, NodeDef... nodes) {
        return Definitions.differences(new Requirement("Op", before, List.of(), List.of(nodes)), now);
    }

    private static NodeDef with(String attr, AttrValue value) {
        return PLAIN.toBuilder().putAttr(attr, value).build();
    }

    @Test
    void anOpThatTheModelDoesNotDescribeIsNotCompared() {
        assertEquals(List.of(), differences(null, OP, PLAIN));
    }

    @Test
    void anAttributeWithADefaultMayBeAdded() {
        assertEquals(List.of(), differences(OP, op(o -> o.addAttr(number("n", 3))), PLAIN));
        assertEquals(
                List.of("it has an attribute \"n\" (int) without a default that the model's version of the op lacks"),
                differences(OP, op(o -> o.addAttr(attr("n", "int"))), PLAIN));
    }

    @Test
    void anAttributeThatNoNodeSetsMayBeRemoved() {
        OpDef before = op(o -> o.addAttr(number("n", 3)));
        assertEquals(List.of(), differences(before, OP, PLAIN));
        assertEquals(
                List.of("attribute \"n\" is unknown to it"),
                differences(
                        before,
                        OP,
                        PLAIN,
                        with("n", AttrValue.newBuilder().setI(3).build())));
    }

    @Test
    void aDefaultMayChangeWhereEveryNodeSetsTheAttribute() {
        OpDef before = op(o -> o.addAttr(number("n", 3)));
        OpDef now = op(o -> o.addAttr(number("n", 4)));
        NodeDef set = with("n", AttrValue.newBuilder().setI(3).build());
        assertEquals(List.of(), differences(before, now, set));
        List<String> expected = List.of("its attribute \"n\" has the default 4, but the model relies on the default 3");
        assertEquals(expected, differences(before, now, set, PLAIN));
        assertEquals(expected, differences(before, now), "an op that is named as a function only");
        assertEquals(List.of(), differences(op(o -> o.addAttr(attr("n", "int"))), now, set), "a default may be added");
        assertEquals(
                List.of("its attribute \"n\" has the default none, but the model relies on the default 3"),
                differences(before, op(o -> o.addAttr(attr("n", "int"))), PLAIN));
    }

    @Test
    void theTypeOfAnAttributeMayNotChange() {
        assertEquals(
                List.of("its attribute \"n\" is of type float, but the model expects int"),
                differences(
                        op(o -> o.addAttr(attr("n", "int"))),
                        op(o -> o.addAttr(attr("n", "float"))),
                        with("n", AttrValue.newBuilder().setI(3).build())));
    }

    @Test
    void limitsMayWidenAndNarrowWhereEveryNodeTellsItsValue() {
        OpDef narrow = op(o -> o.addAttr(attr("T", "type").setAllowedValues(Graphs.types(DataType.DT_FLOAT))));
        OpDef wide = op(
                o -> o.addAttr(attr("T", "type").setAllowedValues(Graphs.types(DataType.DT_INT32, DataType.DT_FLOAT))));
        OpDef any = op(o -> o.addAttr(attr("T", "type")));
        NodeDef open = with("T", placeholder("T"));
        assertEquals(List.of(), inFunction(narrow, wide, open));
        assertEquals(List.of(), inFunction(wide, any, open));
        // The value itself is held against the limits by NodeCheck.
        assertEquals(List.of(), differences(wide, narrow, with("T", Graphs.type(DataType.DT_FLOAT))));
        assertEquals(
                List.of("its attribute \"T\" allows only float, but the model may use int32, float"),
                inFunction(wide, narrow, open));
        assertEquals(
                List.of("its attribute \"T\" allows only float, but the model may use any value"),
                inFunction(any, narrow, open));
    }

    @Test
    void aMinimumMayFall() {
        OpDef two = op(o -> o.addAttr(attr("N", "int").setHasMinimum(true).setMinimum(2)));
        OpDef one = op(o -> o.addAttr(attr("N", "int").setHasMinimum(true).setMinimum(1)));
        OpDef none = op(o -> o.addAttr(attr("N", "int")));
        NodeDef open = with("N", placeholder("N"));
        assertEquals(List.of(), inFunction(two, one, open));
        assertEquals(List.of(), inFunction(two, none, open));
        assertEquals(
                List.of("its attribute \"N\" must be at least 2, but the model may use values from 1"),
                inFunction(one, two, open));
        assertEquals(
                List.of("its attribute \"N\" must be at least 2, but the model may use any value"),
                inFunction(none, two, open));
        assertEquals(
                List.of(),
                differences(one, two, with("N", AttrValue.newBuilder().setI(5).build())));
    }

    @Test
    void argumentsMayBecomeGeneralByAttributesWithDefaults() {
        OpDef typed = op(o -> o.setInputArg(0, arg("x", "T", "", ""))
                .addAttr(attr("T", "type").setDefaultValue(Graphs.type(DataType.DT_FLOAT))));
        assertEquals(List.of(), differences(OP, typed, PLAIN));
        assertEquals(List.of(), differences(typed, OP, PLAIN), "and back");
        OpDef counted = op(o -> o.setInputArg(0, arg("x", "T", "N", ""))
                .addAttr(attr("T", "type").setDefaultValue(Graphs.type(DataType.DT_FLOAT)))
                .addAttr(number("N", 2)));
        assertEquals(
                List.of("its inputs are (x: N * T), but the model expects (x: float)"),
                differences(OP, counted, PLAIN));
        OpDef two = op(o -> o.addInputArg(Graphs.argument("z")));
        assertEquals(List.of(), differences(two, counted, PLAIN));
        OpDef list = op(o -> o.setInputArg(0, arg("x", "", "", "L"))
                .addAttr(attr("L", "list(type)").setDefaultValue(Graphs.types(DataType.DT_FLOAT, DataType.DT_FLOAT))));
        assertEquals(List.of(), differences(two, list, PLAIN));
    }

    @Test
    void typesCountsAndOrderOfArgumentsMustStay() {
        OpDef typed = op(o -> o.setInputArg(0, arg("x", "T", "", "")).addAttr(attr("T", "type")));
        OpDef counted = op(o -> o.setInputArg(0, arg("x", "T", "N", ""))
                .addAttr(attr("T", "type"))
                .addAttr(attr("N", "int")));
        NodeDef node = with("T", Graphs.type(DataType.DT_FLOAT));
        assertEquals(List.of(), differences(typed, typed, node));
        assertEquals(
                List.of("its inputs are (x: T), but the model expects (x: N * T)"), differences(counted, typed, node));
        OpDef mixed = op(o -> o.addOutputArg(Graphs.argument("z").toBuilder().setType(DataType.DT_INT32)));
        OpDef swapped =
                op(o -> o.addOutputArg(0, Graphs.argument("z").toBuilder().setType(DataType.DT_INT32)));
        assertEquals(
                List.of("its outputs are (z: int32, y: float), but the model expects (y: float, z: int32)"),
                differences(mixed, swapped, PLAIN));
        OpDef ref = op(o -> o.setInputArg(0, Graphs.argument("x").toBuilder().setIsRef(true)));
        assertEquals(
                List.of("its inputs are (x: Ref(float)), but the model expects (x: float)"),
                differences(OP, ref, PLAIN));
    }

    @Test
    void namesOfOutputsCountInFunctionsOnly() {
        OpDef renamed = op(o -> o.setOutputArg(0, Graphs.argument("result")).setInputArg(0, Graphs.argument("in")));
        assertEquals(List.of(), differences(OP, renamed, PLAIN));
        assertEquals(
                List.of("its outputs are (result: float), but the model expects (y: float)"),
                inFunction(OP, renamed, PLAIN));
        OpDef input = op(o -> o.setInputArg(0, Graphs.argument("in")));
        assertEquals(List.of(), inFunction(OP, input, PLAIN));
    }

    @Test
    void flagsCountWhereTheyChangeResults() {
        OpDef stateful = op(o -> o.setIsStateful(true));
        assertEquals(List.of(), differences(OP, stateful, PLAIN));
        assertEquals(
                List.of("it is not stateful, so runs of it may be shared or left out, but the model expects that each "
                        + "counts"),
                differences(stateful, OP, PLAIN));
        OpDef lenient = op(o -> o.setAllowsUninitializedInput(true));
        assertEquals(List.of(), differences(OP, lenient, PLAIN));
        assertEquals(
                List.of("it does not take uninitialized inputs, but the model expects that it does"),
                differences(lenient, OP, PLAIN));
        assertEquals(List.of(), differences(OP, op(o -> o.setIsCommutative(true).setIsAggregate(true)), PLAIN));
        OpDef control = op(o -> o.addControlOutput("done"));
        assertEquals(List.of(), differences(OP, control, PLAIN));
        assertEquals(
                List.of("it lacks the control outputs [done] that the model expects"), differences(control, OP, PLAIN));
    }

    @Test
    void kernelsWithALabelServeOnlyNodesThatAskForIt() {
        KernelDef labelled = KernelDef.newBuilder()
                .setOp("Op")
                .setDeviceType("CPU")
                .setLabel("fast")
                .build();
        Requirement plain = new Requirement("Op", null, List.of(PLAIN), List.of());
        assertEquals(List.of("it has no CPU kernel"), NodeCheck.differences(plain, OP, List.of(labelled)));
        Requirement asks = new Requirement(
                "Op",
                null,
                List.of(with(
                        "_kernel",
                        AttrValue.newBuilder()
                                .setS(ByteString.copyFromUtf8("fast"))
                                .build())),
                List.of());
        assertEquals(List.of(), NodeCheck.differences(asks, OP, List.of(labelled)));
    }
}
