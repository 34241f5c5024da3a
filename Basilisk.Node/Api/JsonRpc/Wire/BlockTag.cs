namespace Basilisk.Node.Api.JsonRpc.Wire;

/// <summary>Which block a call means.</summary>
/// <param name="Height">An explicit height; null for a name.</param>
/// <param name="IsPending">Whether waiting transactions count too.</param>
/// <param name="IsFinal">"safe" or "finalized": the newest block no reorganisation can take off.</param>
internal readonly record struct BlockTag(long? Height, bool IsPending, bool IsFinal)
{
    public static BlockTag Latest { get; }

    public static bool TryParse(string text, out BlockTag tag)
    {
        switch (text)
        {
            case "latest":
                tag = Latest;
                return true;
            case "pending":
                tag = new BlockTag(null, true, false);
                return true;
            case "earliest":
                tag = new BlockTag(0, false, false);
                return true;
            case "safe" or "finalized":
                tag = new BlockTag(null, false, true);
                return true;
            default:
                tag = default;
                if (!Quantity.TryParse(text, out ulong height) || height > long.MaxValue)
                {
                    return false;
                }

                tag = new BlockTag((long)height, false, false);
                return true;
        }
    }
}
