using Basilisk.Chain.Parameters;
using Basilisk.Chain.Refusals;
using Basilisk.Exact.Payloads;

namespace Basilisk.Chain.Validation.Isolation;

/// <summary>A payload by itself: it must be the one encoding of a delta of the network's model.</summary>
public static class PayloadRules
{
    /// <summary>Null where the payload passes.</summary>
    public static Refusal? Check(NetworkParameters parameters, ReadOnlyMemory<byte> payload)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (payload.Length > parameters.Caps.PayloadBytes)
        {
            return new Refusal(RefusalKind.Isolation, Tokens.PayloadTooLarge, "A payload is too large.", payload.Length, parameters.Caps.PayloadBytes);
        }

        return PayloadCodec.TryDecode(payload.Span, parameters.Model.Shape.ParameterCount, parameters.Payload, out _, out PayloadRefusal? refusal)
            ? null
            : new Refusal(RefusalKind.Isolation, Tokens.PayloadMalformed, $"A payload does not decode: {refusal.Token}.", refusal.Seen, refusal.Allowed);
    }
}
