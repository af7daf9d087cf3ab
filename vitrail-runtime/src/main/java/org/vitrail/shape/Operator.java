package org.vitrail.shape;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.vitrail.graph.Node;

/**
 * Lists ONNX's operators with their inference rules: one row for each operator, or for several that follow one rule.
 */
@SuppressWarnings("ImmutableEnumChecker") // rules are functions without state
enum Operator {
    ADD(ElementwiseRules.arithmetic((a, b) -> a + b, (a, b) -> a + b), "Add", "Sum"),
    SUB(ElementwiseRules.arithmetic((a, b) -> a - b, (a, b) -> a - b), "Sub"),
    MUL(ElementwiseRules.arithmetic((a, b) -> a * b, (a, b) -> a * b), "Mul"),
    DIV(ElementwiseRules.arithmetic((a, b) -> a / b, (a, b) -> a / b), "Div"),
    MIN(ElementwiseRules.arithmetic(Math::min, Math::min), "Min"),
    MAX(ElementwiseRules.arithmetic(Math::max, Math::max), "Max"),
    POW(ElementwiseRules.arithmetic((a, b) -> (long) Math.pow((double) a, (double) b), Math::pow), "Pow"),
    MOD(ElementwiseRules.modulo(), "Mod"),
    AND(ElementwiseRules.comparison((a, b) -> a & b, (a, b) -> 0), "And"),
    OR(ElementwiseRules.comparison((a, b) -> a | b, (a, b) -> 0), "Or"),
    EQUAL(ElementwiseRules.comparison((a, b) -> a == b ? 1 : 0, (a, b) -> a == b ? 1 : 0), "Equal"),
    LESS(ElementwiseRules.comparison((a, b) -> a < b ? 1 : 0, (a, b) -> a < b ? 1 : 0), "Less"),
    LESS_OR_EQUAL(ElementwiseRules.comparison((a, b) -> a <= b ? 1 : 0, (a, b) -> a <= b ? 1 : 0), "LessOrEqual"),
    GREATER(ElementwiseRules.comparison((a, b) -> a > b ? 1 : 0, (a, b) -> a > b ? 1 : 0), "Greater"),
    GREATER_OR_EQUAL(ElementwiseRules.comparison((a, b) -> a >= b ? 1 : 0, (a, b) -> a >= b ? 1 : 0), "GreaterOrEqual"),
    NEG(ElementwiseRules.function(a -> -a), "Neg"),
    ABS(ElementwiseRules.function(Math::abs), "Abs"),
    SQRT(ElementwiseRules.function(Math::sqrt), "Sqrt"),
    RECIPROCAL(ElementwiseRules.function(a -> 1 / a), "Reciprocal"),
    FLOOR(ElementwiseRules.function(Math::floor), "Floor"),
    CEIL(ElementwiseRules.function(Math::ceil), "Ceil"),
    NOT(ElementwiseRules::not, "Not"),
    CAST(ElementwiseRules::cast, "Cast"),
    WHERE(ElementwiseRules::where, "Where"),
    BROADCAST(ElementwiseRules::broadcast, "Mean", "PRelu", "BitShift", "BitwiseAnd", "BitwiseOr", "BitwiseXor"),
    PREDICATE(ElementwiseRules::predicate, "Xor", "IsNaN", "IsInf"),
    SAME(
            ElementwiseRules::same,
            "Acos Asin Atan BatchNormalization Celu Clip Cos Cosh CumSum Dropout Elu Erf Exp Gelu GroupNormalization "
                    + "HardSigmoid HardSwish Hardmax InstanceNormalization LeakyRelu Log LogSoftmax LpNormalization LRN "
                    + "MeanVarianceNormalization Mish RMSNormalization Relu Round ScatterElements ScatterND Selu "
                    + "Sigmoid Sign Sin Sinh Softmax Softplus Softsign Swish Tan Tanh ThresholdedRelu Trilu"),
    LAYER_NORMALIZATION(ReductionRules::layerNormalization, "LayerNormalization"),
    QUANTIZE(ReductionRules::quantize, "QuantizeLinear"),
    DEQUANTIZE(ReductionRules::dequantize, "DequantizeLinear"),

    CONSTANT(SourceRules::constant, "Constant"),
    IDENTITY(MovementRules::identity, "Identity"),
    SHAPE(SourceRules::shape, "Shape"),
    SIZE(SourceRules::size, "Size"),
    RESHAPE(MovementRules::reshape, "Reshape"),
    FLATTEN(MovementRules::flatten, "Flatten"),
    SQUEEZE(MovementRules::squeeze, "Squeeze"),
    UNSQUEEZE(MovementRules::unsqueeze, "Unsqueeze"),
    TRANSPOSE(MovementRules::transpose, "Transpose"),
    EXPAND(MovementRules::expand, "Expand"),
    SLICE(MovementRules::slice, "Slice"),
    SPLIT(MovementRules::split, "Split"),
    GATHER(MovementRules::gather, "Gather"),
    GATHER_ND(MovementRules::gatherNd, "GatherND"),
    GATHER_ELEMENTS(MovementRules::gatherElements, "GatherElements"),
    CONCAT(MovementRules::concat, "Concat"),
    TILE(MovementRules::tile, "Tile"),
    PAD(MovementRules::pad, "Pad"),
    CONSTANT_OF_SHAPE(SourceRules::constantOfShape, "ConstantOfShape"),
    RANGE(SourceRules::range, "Range"),
    ONE_HOT(MovementRules::oneHot, "OneHot"),

    MAT_MUL(ReductionRules::matMul, "MatMul"),
    GEMM(ReductionRules::gemm, "Gemm"),
    EINSUM(ReductionRules::einsum, "Einsum"),
    CONV(ReductionRules::convolution, "Conv"),
    POOL(ReductionRules::pool, "MaxPool", "AveragePool", "LpPool"),
    GLOBAL_POOL(ReductionRules::globalPool, "GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool"),
    REDUCE(
            ReductionRules::reduce,
            "ReduceMean ReduceSum ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp "
                    + "ReduceSumSquare"),
    ARG_REDUCE(ReductionRules::argReduce, "ArgMax", "ArgMin"),
    TOP_K(ReductionRules::topK, "TopK"),
    RESIZE(ReductionRules::resize, "Resize"),
    DEPTH_TO_SPACE(ReductionRules::depthToSpace, "DepthToSpace"),
    SPACE_TO_DEPTH(ReductionRules::spaceToDepth, "SpaceToDepth"),
    ATTENTION(ReductionRules::attention, "Attention");

    private static final Map<String, Operator> BY_NAME = new HashMap<>();

    static {
        for (Operator operator : values()) {
            operator.names.forEach(name -> BY_NAME.put(name, operator));
        }
    }

    private final InferenceRule rule;
    private final List<String> names;

    /** A row for the operators {@code names}; each string holds one name or several separated by spaces. */
    Operator(InferenceRule rule, String... names) {
        this.rule = rule;
        this.names = Arrays.stream(String.join(" ", names).split(" ")).toList();
    }

    /** A row for operators whose rule infers the first output. */
    Operator(Function<InferenceContext, InferredValue> rule, String... names) {
        this((InferenceRule) call -> List.of(rule.apply(call)), names);
    }

    /** The operators of this row. */
    List<String> names() {
        return names;
    }

    /** The rule that infers the outputs of a node; empty for operators without a row, and those of other domains. */
    static Optional<InferenceRule> rule(Node node) {
        return Optional.ofNullable(BY_NAME.get(node.op()))
                .filter(operator -> node.is(node.op()))
                .map(operator -> operator.rule);
    }
}
