package io.opgraft.tensorflow.internal;

import java.util.Collections;
import java.util.List;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/** How many tensors an argument of an op stands for in a node, and of which types. */
final class Arguments {
    private Arguments() {}

    /** A node's value of an attribute, else the op's default, else null. */
    static AttrValue attribute(String name, NodeDef node, OpDef op) {
        AttrValue value = node.getAttrMap().get(name);
        if (value != null) {
            return value;
        }
        for (OpDef.AttrDef attr : op.getAttrList()) {
            if (attr.getName().equals(name) && attr.hasDefaultValue()) {
                return attr.getDefaultValue();
            }
        }
        return null;
    }

    /** TensorFlow's numbers of the types, one for each tensor; 0 where the node does not tell. */
    static List<Integer> types(OpDef.ArgDef arg, NodeDef node, OpDef op) {
        if (!arg.getTypeListAttr().isEmpty()) {
            AttrValue list = attribute(arg.getTypeListAttr(), node, op);
            return list == null ? List.of() : list.getList().getTypeValueList();
        }
        int type = arg.getTypeValue();
        if (!arg.getTypeAttr().isEmpty()) {
            AttrValue value = attribute(arg.getTypeAttr(), node, op);
            type = value == null ? 0 : value.getTypeValue();
        }
        if (arg.getNumberAttr().isEmpty()) {
            return List.of(type);
        }
        AttrValue count = attribute(arg.getNumberAttr(), node, op);
        // A count beyond what any op takes comes from a damaged file.
        return count == null || count.getI() < 0 || count.getI() > 1_000_000
                ? List.of()
                : Collections.nCopies((int) count.getI(), type);
    }
}
