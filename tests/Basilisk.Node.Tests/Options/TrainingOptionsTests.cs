using Basilisk.Node.Failures;
using Basilisk.Node.Options;
using Xunit;

namespace Basilisk.Node.Tests.Options;

public sealed class TrainingOptionsTests
{
    [Theory]
    [InlineData(0.000001)]
    [InlineData(1)]
    public void A_learning_rate_within_its_bounds_is_taken(double rate) => new TrainingOptions { LearningRate = rate }.Validate();

    [Theory]
    [InlineData(0)]
    [InlineData(-0.003)]
    [InlineData(1.5)]
    [InlineData(double.NaN)]
    public void A_learning_rate_beyond_its_bounds_is_refused_with_them(double rate)
    {
        var error = Assert.Throws<SettingOutOfRangeException>(() => new TrainingOptions { LearningRate = rate }.Validate());
        Assert.Contains("--learning-rate", error.Message, StringComparison.Ordinal);
        Assert.Contains("between 0.000001 and 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_default_learning_rate_is_what_the_trainer_takes_by_itself() =>
        Assert.Equal(new Basilisk.Model.Training.TrainerOptions().PeakLearningRate, new TrainingOptions().LearningRate);
}
