namespace Basilisk.Contracts;

/// <summary>Paths of the node's HTTP surface. Fixed names: users, scripts and tests rely on them.</summary>
public static class Routes
{
    public const string Hub = "/hubs/live";
    public const string OpenApi = "/openapi/v1.json";
    public const string Metrics = "/metrics";
    public const string HealthLive = "/health/live";
    public const string HealthReady = "/health/ready";
    public const string WebSocketRpc = "/ws";

    public const string Status = "/api/status";
    public const string Network = "/api/network";
    public const string Peers = "/api/peers";
    public const string Blocks = "/api/blocks";
    public const string Block = "/api/blocks/{id}";
    public const string Transactions = "/api/transactions";
    public const string Transaction = "/api/transactions/{hash}";
    public const string Address = "/api/addresses/{address}";
    public const string AddressTransactions = "/api/addresses/{address}/transactions";
    public const string AddressRewards = "/api/addresses/{address}/rewards";
    public const string Rounds = "/api/rounds";
    public const string Round = "/api/rounds/{number}";
    public const string Contributions = "/api/contributions";
    public const string Contribution = "/api/contributions/{unit}";
    public const string Quality = "/api/quality";
    public const string Primer = "/api/quality/primer";
    public const string Leaderboard = "/api/leaderboard";
    public const string Search = "/api/search";

    /// <summary>What changes the node: from its own machine, with its control token.</summary>
    public const string Control = "/api/control";

    public const string FollowChain = "/api/control/chain/follow";
    public const string ControlPeers = "/api/control/peers";
    public const string ControlBans = "/api/control/bans";

    public const string Models = "/v1/models";
    public const string ChatCompletions = "/v1/chat/completions";
    public const string Completions = "/v1/completions";
}
