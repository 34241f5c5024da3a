using Basilisk.Exact.Hashing;
using Basilisk.Exact.Shapes;

namespace Basilisk.Chain.Parameters;

/// <summary>The model and its data, named by hash: whoever has other bytes is on another network.</summary>
/// <param name="Shape">Sizes of the transformer.</param>
/// <param name="TokenizerHash">Hash of the tokenizer's canonical table.</param>
/// <param name="CorpusRoot">Merkle root of the tokenized corpus.</param>
/// <param name="GenesisSeed">Seed from which the first weights are drawn.</param>
/// <param name="GenesisModelRoot">Root of the checkpoint that the seed gives: C_0.</param>
public sealed record ModelParameters(
    ModelShape Shape,
    Hash256 TokenizerHash,
    Hash256 CorpusRoot,
    Hash256 GenesisSeed,
    Hash256 GenesisModelRoot);
