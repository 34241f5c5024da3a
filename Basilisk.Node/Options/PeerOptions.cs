using System.Net;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Failures;
using Basilisk.Node.Peers.Dialling;
using Basilisk.Node.Peers.Messages;

namespace Basilisk.Node.Options;

/// <summary>Whom the node talks to.</summary>
public sealed class PeerOptions
{
    public const int DefaultPort = 30545;

    /// <summary>A block or a chunk of state comes whole, and what follows it must not take as long as an answer is waited for.</summary>
    private const int LeastUploadKib = 256;

    /// <summary>16 GiB/s: no line is faster.</summary>
    private const int MostUploadKib = 16 << 20;

    /// <summary>Address and port to take connections on; null: none are taken.</summary>
    public string? Listen { get; set; }

    /// <summary>Whether the node goes on without taking connections where somebody else listens there.</summary>
    public bool ListenIfFree { get; set; }

    /// <summary>Peers to join, host:port each; the host may be a name.</summary>
    public IReadOnlyList<string> Join { get; set; } = [];

    /// <summary>Parameters' hash of the network that the joined peers must be on; null: whatever network they are on.</summary>
    public Hash256? NetworkHash { get; set; }

    /// <summary>Connections the node dials and keeps.</summary>
    public int Outbound { get; set; } = 8;

    /// <summary>Most connections that others dial.</summary>
    public int Inbound { get; set; } = 64;

    /// <summary>Most connections, both ways, with one address (IPv6: one /64). Loopback is not counted.</summary>
    public int PerAddress { get; set; } = 4;

    /// <summary>KiB per second of upload to all peers together; answers to their requests wait where it is more.</summary>
    public int UploadKib { get; set; } = 128 * 1024;

    /// <summary>KiB per second of upload to one peer, likewise.</summary>
    public int UploadPerPeerKib { get; set; } = 32 * 1024;

    /// <summary>
    /// Bytes after which nothing further is added to an answer that is a list: a quarter of a second of the line at most, so that even the last of as many
    /// peers as a node has is answered before it gives up.
    /// </summary>
    public int AnswerBytes => (int)Math.Min(MessageCaps.BulkBytes, 1024L * Math.Min(UploadKib, UploadPerPeerKib) / 4);

    /// <summary>Start from a snapshot of a settled round instead of replaying every block.</summary>
    public bool Fast { get; set; }

    /// <summary>Keep the payloads of old rounds, so that others can replay from genesis.</summary>
    public bool Archive { get; set; } = true;

    public IPEndPoint? ListenEndPoint => Listen is null ? null : IPEndPoint.Parse(Listen);

    public void Validate()
    {
        if (Listen is not null && (!IPEndPoint.TryParse(Listen, out IPEndPoint? parsed) || !Listen.Contains(':', StringComparison.Ordinal) || parsed.Port is < 0 or > 65535))
        {
            throw new SettingOutOfRangeException("Peers:Listen (--listen)", $"'{Listen}'", "an address and port, for example 0.0.0.0:30545");
        }

        foreach (string peer in Join)
        {
            PeerName.Parse(peer);
        }

        Check.Range("Peers:Outbound", Outbound, 0, 128);
        Check.Range("Peers:Inbound", Inbound, 0, 10_000);
        Check.Range("Peers:PerAddress", PerAddress, 1, 10_000);
        Check.Range("Peers:UploadKib (--upload)", UploadKib, LeastUploadKib, MostUploadKib);
        Check.Range("Peers:UploadPerPeerKib (--upload-per-peer)", UploadPerPeerKib, LeastUploadKib, MostUploadKib);
    }
}
