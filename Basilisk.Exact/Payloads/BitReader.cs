namespace Basilisk.Exact.Payloads;

/// <summary>Reads bits, lowest bit of each byte first. The caller knows how many there are.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> source)
{
    private readonly ReadOnlySpan<byte> _source = source;
    private int _bit;

    public int Read(int bits)
    {
        int value = 0;
        for (int read = 0; read < bits;)
        {
            int room = Math.Min(8 - (_bit & 7), bits - read);
            int part = (_source[_bit >> 3] >> (_bit & 7)) & ((1 << room) - 1);
            value |= part << read;
            _bit += room;
            read += room;
        }

        return value;
    }

    /// <summary>The bits up to the end of the current byte.</summary>
    public int ReadPadding() => Read((8 - (_bit & 7)) & 7);
}
