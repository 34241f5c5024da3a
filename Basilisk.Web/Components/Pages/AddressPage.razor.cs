using Basilisk.Contracts;
using Basilisk.Contracts.Chain;
using Basilisk.Contracts.Rounds;
using Basilisk.Web.Nodes;
using Microsoft.AspNetCore.Components;

namespace Basilisk.Web.Components.Pages;

public sealed partial class AddressPage : NodePage
{
    private const int RowsPerPanel = 12;

    private NodeReply<AddressView> _account = null!;
    private NodeReply<Page<RewardView>> _rewards = null!;
    private NodeReply<Page<TransactionSummary>> _transactions = null!;
    private NodeReply<Page<ContributionView>> _contributions = null!;

    /// <summary>EIP-55 or plain hexadecimal.</summary>
    [Parameter]
    public string Address { get; set; } = "";

    /// <summary>Key of the transactions' list.</summary>
    [SupplyParameterFromQuery]
    private string? Before { get; set; }

    /// <summary>Key of the rewards' list.</summary>
    [SupplyParameterFromQuery]
    private string? RewardsBefore { get; set; }

    protected override async Task Load()
    {
        var rewards = Node.AddressRewards(Address, RowsPerPanel, RewardsBefore, Stop);
        var transactions = Node.AddressTransactions(Address, RowsPerPage, Before, Stop);
        var contributions = Node.Contributions($"miner={Uri.EscapeDataString(Address)}", RowsPerPanel, Stop);
        _account = Settle(await Node.Address(Address, Stop));
        _rewards = await rewards;
        _transactions = await transactions;
        _contributions = await contributions;
    }
}
