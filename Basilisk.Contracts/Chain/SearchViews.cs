namespace Basilisk.Contracts.Chain;

/// <summary>What a search found.</summary>
/// <param name="Kind">block, transaction, address, round or contribution.</param>
/// <param name="Id">Hash, address or number to put into the page's address.</param>
/// <param name="Title">What to show.</param>
public sealed record SearchHit(string Kind, string Id, string Title);
