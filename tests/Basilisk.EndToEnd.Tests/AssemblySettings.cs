using Xunit;

// Each class starts processes and a browser of its own: one after another they are quicker, and waits keep their meaning.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
