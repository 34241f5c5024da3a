namespace Basilisk.Exact.Shapes;

/// <summary>Where one matrix or vector lies in the flat list of weights.</summary>
/// <param name="Name">Hugging Face's Llama name, without the "model." prefix's variations: e.g. <c>model.layers.0.self_attn.q_proj.weight</c>.</param>
/// <param name="Offset">Index of its first weight.</param>
/// <param name="Rows">Outputs (1 for a norm's gain).</param>
/// <param name="Columns">Inputs; weights are row-major, [Rows, Columns].</param>
public readonly record struct TensorSlot(string Name, int Offset, int Rows, int Columns)
{
    public int Length => Rows * Columns;

    public int End => Offset + Length;

    /// <summary>Whether this is an RMSNorm gain (starts at one; is not decayed by optimisers).</summary>
    public bool IsGain => Rows == 1;
}

/// <summary>The tensors of one block, in the order they lie in.</summary>
public sealed record LayerSlots(
    TensorSlot AttentionNorm,
    TensorSlot Query,
    TensorSlot Key,
    TensorSlot Value,
    TensorSlot Output,
    TensorSlot FeedForwardNorm,
    TensorSlot Gate,
    TensorSlot Up,
    TensorSlot Down);

/// <summary>
/// The one order in which a model's weights lie: embedding, then each block (attention norm, q, k, v, o,
/// feed-forward norm, gate, up, down), the final norm, and the head unless it is tied.
/// </summary>
public sealed class ParameterLayout
{
    private readonly List<TensorSlot> _tensors = [];
    private int _next;

    public ParameterLayout(ModelShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        Shape = shape;
        Embedding = Take("model.embed_tokens.weight", shape.Vocabulary, shape.Width);
        var layers = new LayerSlots[shape.Layers];
        for (int i = 0; i < shape.Layers; i++)
        {
            layers[i] = TakeLayer($"model.layers.{i}.", shape);
        }

        Layers = layers;
        FinalNorm = Take("model.norm.weight", 1, shape.Width);
        Head = shape.TiedHead ? Embedding : Take("lm_head.weight", shape.Vocabulary, shape.Width);
        Count = _next;
    }

    public ModelShape Shape { get; }

    public TensorSlot Embedding { get; }

    public IReadOnlyList<LayerSlots> Layers { get; }

    public TensorSlot FinalNorm { get; }

    /// <summary>The output head; the same slot as <see cref="Embedding"/> where it is tied.</summary>
    public TensorSlot Head { get; }

    /// <summary>Every tensor once, by rising offset.</summary>
    public IReadOnlyList<TensorSlot> Tensors => _tensors;

    /// <summary>Number of weights.</summary>
    public int Count { get; }

    private LayerSlots TakeLayer(string prefix, ModelShape shape) => new(
        Take(prefix + "input_layernorm.weight", 1, shape.Width),
        Take(prefix + "self_attn.q_proj.weight", shape.Width, shape.Width),
        Take(prefix + "self_attn.k_proj.weight", shape.Width, shape.Width),
        Take(prefix + "self_attn.v_proj.weight", shape.Width, shape.Width),
        Take(prefix + "self_attn.o_proj.weight", shape.Width, shape.Width),
        Take(prefix + "post_attention_layernorm.weight", 1, shape.Width),
        Take(prefix + "mlp.gate_proj.weight", shape.FeedForward, shape.Width),
        Take(prefix + "mlp.up_proj.weight", shape.FeedForward, shape.Width),
        Take(prefix + "mlp.down_proj.weight", shape.Width, shape.FeedForward));

    private TensorSlot Take(string name, int rows, int columns)
    {
        var slot = new TensorSlot(name, _next, rows, columns);
        _next = checked(_next + (rows * columns));
        _tensors.Add(slot);
        return slot;
    }
}
