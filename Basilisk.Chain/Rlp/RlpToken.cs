namespace Basilisk.Chain.Rlp;

/// <summary>Stable tokens of what the strict reader refuses.</summary>
public static class RlpToken
{
    /// <summary>A header or payload runs past the end of the input or of the enclosing list.</summary>
    public const string Truncated = "rlp-truncated";

    /// <summary>A byte below 0x80 written with a length prefix instead of as itself.</summary>
    public const string ByteNotMinimal = "rlp-byte-not-minimal";

    /// <summary>A long-form length that begins with a zero byte.</summary>
    public const string LengthLeadingZero = "rlp-length-leading-zero";

    /// <summary>A long-form length below 56, which has a short form.</summary>
    public const string LengthNotMinimal = "rlp-length-not-minimal";

    /// <summary>Bytes where a list was required.</summary>
    public const string ListExpected = "rlp-list-expected";

    /// <summary>A list where bytes were required.</summary>
    public const string BytesExpected = "rlp-bytes-expected";

    /// <summary>An integer with a leading zero byte; zero itself is the empty string.</summary>
    public const string IntegerLeadingZero = "rlp-integer-leading-zero";

    /// <summary>An integer wider than its type.</summary>
    public const string IntegerTooLarge = "rlp-integer-too-large";

    /// <summary>A field of fixed length with another length.</summary>
    public const string WrongLength = "rlp-wrong-length";

    /// <summary>A field longer than its cap.</summary>
    public const string TooLong = "rlp-too-long";

    /// <summary>A list that ends before a required item.</summary>
    public const string ListTooShort = "rlp-list-too-short";

    /// <summary>A list with more items than the format has.</summary>
    public const string ListTooLong = "rlp-list-too-long";

    /// <summary>Lists nested deeper than any Basilisk format.</summary>
    public const string TooDeep = "rlp-too-deep";

    /// <summary>Bytes after the one item that should be all.</summary>
    public const string TrailingBytes = "rlp-trailing-bytes";
}
