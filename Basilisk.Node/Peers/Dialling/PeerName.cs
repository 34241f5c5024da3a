using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Basilisk.Node.Failures;
using Basilisk.Node.Options;

namespace Basilisk.Node.Peers.Dialling;

/// <summary>A peer as people name it: HOST:PORT, [IPv6]:PORT, or a host alone for the usual port. A host may be a name; only then is DNS asked.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="Port">Port.</param>
public sealed record PeerName(string Host, int Port)
{
    /// <exception cref="SettingOutOfRangeException">The text names no peer.</exception>
    public static PeerName Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string trimmed = text.Trim();
        if (IPAddress.TryParse(trimmed, out IPAddress? alone))
        {
            return new PeerName(alone.ToString(), PeerOptions.DefaultPort);
        }

        int colon = trimmed.LastIndexOf(':');
        string host = colon < 0 ? trimmed : trimmed[..colon].Trim('[', ']');
        bool isPort = colon < 0 || int.TryParse(trimmed[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out _);
        int port = colon < 0 ? PeerOptions.DefaultPort : isPort ? int.Parse(trimmed[(colon + 1)..], CultureInfo.InvariantCulture) : 0;
        return host.Length > 0 && port is > 0 and <= 65535 && Uri.CheckHostName(host) != UriHostNameType.Unknown
            ? new PeerName(host, port)
            : throw new SettingOutOfRangeException("--join", $"'{text}'", "HOST:PORT, for example 203.0.113.5:30545");
    }

    /// <summary>Where it can be tried; none where the name is not known now.</summary>
    public async Task<IReadOnlyList<IPEndPoint>> ResolveAsync(CancellationToken cancellation)
    {
        if (IPAddress.TryParse(Host, out IPAddress? address))
        {
            return [new IPEndPoint(address, Port)];
        }

        try
        {
            return [.. (await Dns.GetHostAddressesAsync(Host, cancellation)).Select(found => new IPEndPoint(found, Port))];
        }
        catch (SocketException)
        {
            return []; // Tried again later: names come and go with the network.
        }
    }

    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
