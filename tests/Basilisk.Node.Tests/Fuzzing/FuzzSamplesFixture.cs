using Basilisk.Node.Fuzzing.Samples;
using Xunit;

namespace Basilisk.Node.Tests.Fuzzing;

/// <summary>The node that real inputs come from, one for all tests of a class.</summary>
public sealed class FuzzSamplesFixture : IAsyncLifetime
{
    private FuzzSamples? _samples;

    public FuzzSamples Samples => _samples ?? throw new InvalidOperationException("The samples are not made yet.");

    public async ValueTask InitializeAsync() => _samples = await FuzzSamples.CreateAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_samples is not null)
        {
            await _samples.DisposeAsync();
        }
    }
}
