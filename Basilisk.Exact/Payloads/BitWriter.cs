namespace Basilisk.Exact.Payloads;

/// <summary>Writes bits into zeroed bytes, lowest bit of each byte first.</summary>
internal ref struct BitWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;
    private int _bit;

    public void Write(int value, int bits)
    {
        for (int written = 0; written < bits;)
        {
            int room = Math.Min(8 - (_bit & 7), bits - written);
            int part = (value >> written) & ((1 << room) - 1);
            _destination[_bit >> 3] |= (byte)(part << (_bit & 7));
            _bit += room;
            written += room;
        }
    }

    /// <summary>Leaves zero bits.</summary>
    public void Skip(int bits) => _bit += bits;
}
