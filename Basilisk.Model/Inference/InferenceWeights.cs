using Basilisk.Exact.Shapes;
using Basilisk.Model.Gemm;
using Basilisk.Model.Training;
using Basilisk.Model.Transformer;

namespace Basilisk.Model.Inference;

/// <summary>An immutable copy of a model's weights that any number of decoders may read at once, also while a trainer goes on.</summary>
public sealed unsafe class InferenceWeights
{
    private readonly FloatBuffer _flat;

    /// <param name="shape">Sizes of the model.</param>
    /// <param name="weights">[P] in layout order; copied.</param>
    public InferenceWeights(ModelShape shape, ReadOnlySpan<float> weights)
        : this(shape)
    {
        CheckLength(weights.Length);
        weights.CopyTo(_flat.Span);
    }

    /// <param name="shape">Sizes of the model.</param>
    /// <param name="masterQ24">[P] in layout order, Q8.24; converted.</param>
    public InferenceWeights(ModelShape shape, ReadOnlySpan<int> masterQ24)
        : this(shape)
    {
        CheckLength(masterQ24.Length);
        MasterWeightConversion.ToFloat(masterQ24, _flat.Span);
    }

    private InferenceWeights(ModelShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        Shape = shape;
        Layout = new ParameterLayout(shape);
        Rotary = new Rotary(shape);
        _flat = new FloatBuffer(Layout.Count);
    }

    public ModelShape Shape { get; }

    internal ParameterLayout Layout { get; }

    internal Rotary Rotary { get; }

    internal float* At(TensorSlot slot) => _flat.Pointer + slot.Offset;

    private void CheckLength(int length)
    {
        if (length != Layout.Count)
        {
            throw new ArgumentException($"{length} weights given; the model has {Layout.Count}.");
        }
    }
}
