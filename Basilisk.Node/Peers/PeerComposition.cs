using System.Security.Cryptography;
using Basilisk.Model.Genesis;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Genesis;
using Basilisk.Node.Judging;
using Basilisk.Node.Hosting;
using Basilisk.Node.Options;
using Basilisk.Node.Peers.Dialling;
using Basilisk.Node.Peers.Flows;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;
using Basilisk.Node.Peers.Sync;
using Basilisk.Node.Peers.Transport;
using Basilisk.Node.Snapshots;

namespace Basilisk.Node.Peers;

/// <summary>Puts the node's part among others together.</summary>
internal static class PeerComposition
{
    public static void AddPeers(this IServiceCollection services, NodeOptions options, DataDirectory directory, Network network)
    {
        services.AddSingleton(options.Peers).AddSingleton<PeerMeter>().AddSingleton<TransportCounters>().AddSingleton<LivePeers>().AddSingleton<BlockClaims>();
        AddPolicy(services, directory);
        AddFlows(services, directory, network);
        AddSync(services, options.Peers);
        services.AddSingleton(_ => PeerIdentity.LoadOrCreate(directory.PeerKey));
        services.AddSingleton(provider => new LocalPeer(
            provider.GetRequiredService<PeerIdentity>(),
            new MessageCodec(network.Parameters),
            provider.GetRequiredService<OwnHello>().Say,
            provider.GetRequiredService<Conversations>()));
        services.AddSingleton<OwnHello>().AddSingleton<OwnAddress>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<PeerNetwork>(provider));
        services.AddSingleton<JoinTargets>().AddSingleton<OutboundSlots>().AddSingleton<PeerService>().AddSingleton<PeerViews>().AddSingleton<PeerOperator>();
    }

    private static void AddPolicy(IServiceCollection services, DataDirectory directory)
    {
        services.AddSingleton<PeerScores>().AddSingleton<BlockBlame>();
        services.AddSingleton<IAddressBook>(provider => new AddressBook(
            provider.GetRequiredService<TimeProvider>(), RandomNumberGenerator.GetInt32, Path.Combine(directory.Peers, "addresses.json"), provider.GetRequiredService<ILogger<AddressBook>>()));
        services.AddSingleton(provider => new BanList(provider.GetRequiredService<TimeProvider>(), Path.Combine(directory.Peers, "bans.json"), provider.GetRequiredService<ILogger<BanList>>()));
        services.AddSingleton(provider => new PeerPolicy(
            provider.GetRequiredService<PeerScores>(), provider.GetRequiredService<BanList>(), provider.GetRequiredService<ILogger<PeerPolicy>>()));
    }

    private static void AddFlows(IServiceCollection services, DataDirectory directory, Network network)
    {
        services.AddSingleton(provider => new AddressFlow(
            provider.GetRequiredService<IAddressBook>(), provider.GetRequiredService<LivePeers>(), provider.GetRequiredService<OwnAddress>().Find, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<MempoolFlow>().AddSingleton<TransactionRelay>().AddSingleton<BlockRelay>().AddSingleton<BlockAnnouncing>();
        services.AddSingleton<HeaderServing>().AddSingleton<BlockServing>().AddSingleton<CheckpointChunks>();
        services.AddSingleton(provider => new DataServing(network.Artefacts.Corpus, network.Artefacts.Tokenizer, provider.GetRequiredService<CheckpointChunks>()));
        services.AddSingleton(_ => new NetworkFlow(
            File.ReadAllBytes(Path.Combine(directory.Network, NetworkFolder.ParametersFile)), File.ReadAllBytes(Path.Combine(directory.Network, GenesisFolder.ManifestFile))));
        services.AddSingleton(provider => new SnapshotServing(provider.GetRequiredService<ChainstateService>().Snapshots));
        services.AddSingleton(Router).AddSingleton<Conversations>();
    }

    private static RequestRouter Router(IServiceProvider provider)
    {
        SnapshotServing snapshots = provider.GetRequiredService<SnapshotServing>();
        return new RequestRouter(RequestRouter.HalfOf(Environment.ProcessorCount), new RepeatedRequests(provider.GetRequiredService<TimeProvider>()))
            .Serve<GetAddresses>(provider.GetRequiredService<AddressFlow>().AnswerAsync)
            .Serve<GetHeaders>(provider.GetRequiredService<HeaderServing>().AnswerAsync)
            .Serve<GetBlocks>(provider.GetRequiredService<BlockServing>().AnswerAsync)
            .Serve<GetBlockParts>(provider.GetRequiredService<BlockAnnouncing>().AnswerAsync)
            .Serve<GetTransactions>(provider.GetRequiredService<TransactionRelay>().AnswerAsync)
            .Serve<GetData>(provider.GetRequiredService<DataServing>().AnswerAsync)
            .Serve<GetNetwork>(provider.GetRequiredService<NetworkFlow>().AnswerAsync)
            .Serve<GetSnapshot>(snapshots.AnswerAsync)
            .Serve<GetStateChunk>(snapshots.AnswerAsync);
    }

    private static void AddSync(IServiceCollection services, PeerOptions options)
    {
        // Who was told of others, or knows some from before, first looks where they are.
        services.AddSingleton(provider => new SyncGate(isCurrent: options.Join.Count == 0 && provider.GetRequiredService<IAddressBook>().Count == 0));
        services.AddSingleton<HeaderSync>().AddSingleton<BlockDownload>();
        services.AddSingleton<ISnapshotChain, SnapshotChain>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<FastSync>(provider, (Func<IReadOnlyList<IPeer>>)provider.GetRequiredService<LivePeers>().ServingSnapshots));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<SnapshotStage>(
            provider,
            (Func<bool>)(() => provider.GetRequiredService<LivePeers>().All.Count > 0 && !provider.GetRequiredService<HeaderSync>().IsBehind),
            options.Fast));
        services.AddSingleton(provider => new SyncStatus(
            provider.GetRequiredService<IPeerChain>(),
            provider.GetRequiredService<LivePeers>(),
            provider.GetRequiredService<HeaderSync>(),
            provider.GetRequiredService<SyncGate>(),
            () => provider.GetRequiredService<OutcomeService>().IsJudging,
            () => provider.GetRequiredService<SnapshotStage>().IsRunning,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SyncStatus>>()));
    }
}
