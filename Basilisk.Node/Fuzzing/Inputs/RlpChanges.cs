using Basilisk.Chain.Rlp;

namespace Basilisk.Node.Fuzzing.Inputs;

/// <summary>
/// Changes along the structure of RLP: one item is replaced, doubled, left out or written in a form that is not its own, and the
/// lists around it get lengths that fit, so that the change is what the decoder meets.
/// </summary>
internal sealed class RlpChanges
{
    private readonly List<(byte[] Prefix, Item Root, List<Item> All)> _seeds = [];

    public RlpChanges(IReadOnlyList<byte[]> seeds)
    {
        foreach (byte[] seed in seeds)
        {
            // A type byte before the list, as EIP-2718 has it.
            byte[] prefix = seed.Length > 1 && seed[0] < 0x80 ? [seed[0]] : [];
            var reader = new RlpReader(seed.AsSpan(prefix.Length));
            var all = new List<Item>();
            Item root = Read(ref reader, all);
            _seeds.Add((prefix, root, all));
        }
    }

    public void Apply(FuzzBuffer buffer, FuzzRandom random)
    {
        (byte[] prefix, Item root, List<Item> all) = random.Pick(_seeds);
        var writer = new RlpWriter(512);
        Write(writer, root, random.Pick(all), random.Below(10), random);
        buffer.Clear();
        buffer.Append(prefix);
        buffer.Append(writer.Written);
    }

    /// <summary>Items of any shape, up to a few levels.</summary>
    public static void Generate(FuzzBuffer buffer, FuzzRandom random)
    {
        var writer = new RlpWriter(512);
        Any(writer, random, random.Below(20));
        buffer.Clear();
        buffer.Append(writer.Written);
    }

    private static Item Read(ref RlpReader reader, List<Item> all)
    {
        if (!reader.NextIsList)
        {
            var leaf = new Item(reader.ReadBytes().ToArray(), null);
            all.Add(leaf);
            return leaf;
        }

        var items = new List<Item>();
        var list = new Item([], items);
        all.Add(list);
        reader.EnterList();
        while (reader.HasMore)
        {
            items.Add(Read(ref reader, all));
        }

        reader.LeaveList();
        return list;
    }

    private static void Write(RlpWriter writer, Item item, Item changed, int change, FuzzRandom random)
    {
        if (ReferenceEquals(item, changed))
        {
            Change(writer, item, change, random);
            return;
        }

        Plain(writer, item, changed, change, random);
    }

    private static void Plain(RlpWriter writer, Item item, Item? changed, int change, FuzzRandom random)
    {
        if (item.Items is null)
        {
            writer.Write(item.Bytes);
            return;
        }

        writer.BeginList();
        foreach (Item inner in item.Items)
        {
            if (changed is null)
            {
                Plain(writer, inner, null, change, random);
            }
            else
            {
                Write(writer, inner, changed, change, random);
            }
        }

        writer.EndList();
    }

    private static void Change(RlpWriter writer, Item item, int change, FuzzRandom random)
    {
        switch (change)
        {
            case 0:
                break; // left out
            case 1:
                Plain(writer, item, null, 0, random);
                Plain(writer, item, null, 0, random);
                break;
            case 2:
                Any(writer, random, 2);
                break;
            case 3:
                writer.Write([]);
                break;
            case 4:
                writer.BeginList().EndList();
                break;
            case 5:
                NotMinimal(writer, item.Bytes);
                break;
            case 6:
                writer.Write([0, .. item.Bytes]); // a leading zero, or a byte too many
                break;
            case 7:
                writer.BeginList();
                Plain(writer, item, null, 0, random);
                writer.EndList();
                break;
            case 8:
                var noise = new byte[random.OneIn(2) ? item.Bytes.Length : random.Below(40)];
                random.Fill(noise);
                writer.Write(noise);
                break;
            default:
                Cut(writer, item, random);
                break;
        }
    }

    /// <summary>The same bytes with a longer header than they need.</summary>
    private static void NotMinimal(RlpWriter writer, byte[] bytes)
    {
        byte[] whole = bytes.Length < 256 ? [0xB8, (byte)bytes.Length, .. bytes] : [0xBA, 0, (byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];
        writer.WriteEncoded(whole);
    }

    private static void Cut(RlpWriter writer, Item item, FuzzRandom random)
    {
        if (item.Items is { Count: > 0 } items)
        {
            writer.BeginList();
            foreach (Item inner in items.Take(random.Below(items.Count)))
            {
                Plain(writer, inner, null, 0, random);
            }

            writer.EndList();
            return;
        }

        writer.Write(item.Bytes.AsSpan(0, random.Below(item.Bytes.Length)));
    }

    private static void Any(RlpWriter writer, FuzzRandom random, int depth)
    {
        if (depth > 0 && random.Below(3) > 0)
        {
            writer.BeginList();
            for (int items = random.Below(4); items > 0; items--)
            {
                Any(writer, random, depth - 1);
            }

            writer.EndList();
            return;
        }

        Span<byte> bytes = stackalloc byte[random.Below(random.OneIn(8) ? 80 : 33)];
        random.Fill(bytes);
        writer.Write(bytes);
    }

    private sealed record Item(byte[] Bytes, List<Item>? Items);
}
