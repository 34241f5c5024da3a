using System.Globalization;
using System.Text.Json.Nodes;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Primitives;
using Basilisk.Node.Api.JsonRpc.Wire;
using Basilisk.Node.Api.Reading;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Projections.Documents;

namespace Basilisk.Node.Api.JsonRpc.Methods;

/// <summary>Base fees, fullness and tips of past blocks (eth_feeHistory).</summary>
internal sealed class FeeHistory(ChainstateService chainstate, ProjectedChain projected)
{
    public const int MostBlocks = 128;
    public const int MostPercentiles = 32;

    /// <param name="newest">Last block of the answer.</param>
    /// <param name="count">Most blocks.</param>
    /// <param name="percentiles">Of tips, weighted by gas; 0–100, rising.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<JsonObject> ReadAsync(BlockDocument newest, int count, double[] percentiles, CancellationToken cancellation)
    {
        long first = Math.Max(0, newest.Fact.Height - count + 1);
        var baseFees = new JsonArray();
        var ratios = new JsonArray();
        var rewards = new JsonArray();
        for (long height = first; height <= newest.Fact.Height; height++)
        {
            BlockDocument? block = height == newest.Fact.Height ? newest : await projected.BlockAsync(height.ToString(CultureInfo.InvariantCulture), cancellation);
            if (block is null)
            {
                break;
            }

            baseFees.Add(Quantity.OfDecimal(block.Fact.BaseFee));
            ratios.Add((double)block.Fact.GasUsed / block.Fact.GasLimit);
            rewards.Add(await TipsAsync(block, percentiles, cancellation));
        }

        baseFees.Add(NextBaseFee(newest.Fact));
        var history = new JsonObject { ["oldestBlock"] = Quantity.Of(first), ["baseFeePerGas"] = baseFees, ["gasUsedRatio"] = ratios };
        if (percentiles.Length > 0)
        {
            history["reward"] = rewards;
        }

        return history;
    }

    private string NextBaseFee(BlockFact fact)
    {
        // Genesis has no base fee of its own; the floor is in force after it.
        FeeParameters fees = chainstate.Parameters.Fees;
        return (fact.Height == 0 ? fees.BaseFeeFloor : Chain.Fees.BaseFee.Next(fees, UInt256.Parse(fact.BaseFee), (ulong)fact.GasUsed)).ToHex();
    }

    private async Task<JsonArray> TipsAsync(BlockDocument block, double[] percentiles, CancellationToken cancellation)
    {
        if (percentiles.Length == 0 || block.Transactions.Count == 0)
        {
            return new JsonArray([.. percentiles.Select(_ => (JsonNode)"0x0")]);
        }

        UInt256 baseFee = UInt256.Parse(block.Fact.BaseFee);
        var tips = (await projected.TransactionsOfAsync(block, cancellation))
            .Select(transaction => (
                Tip: UInt256.TrySubtract(UInt256.Parse(transaction.Fact.EffectiveGasPrice), baseFee, out UInt256 tip) ? tip : UInt256.Zero,
                Gas: transaction.Fact.GasUsed))
            .OrderBy(each => each.Tip)
            .ToList();
        var result = new JsonArray();
        foreach (double percentile in percentiles)
        {
            double wanted = block.Fact.GasUsed * percentile / 100;
            long seen = 0;
            result.Add(tips.First(each => (seen += each.Gas) >= wanted || each == tips[^1]).Tip.ToHex());
        }

        return result;
    }
}
