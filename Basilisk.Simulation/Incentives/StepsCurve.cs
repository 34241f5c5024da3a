namespace Basilisk.Simulation.Incentives;

/// <summary>What a unit's credit is worth at so many times the usual steps, as a share of a usual unit's.</summary>
public abstract class StepsCurve
{
    /// <summary>Credit in proportion to steps: the assumption that the protocol's design began with.</summary>
    public static StepsCurve Linear { get; } = new LinearCurve();

    /// <summary>Short name for tables.</summary>
    public abstract string Name { get; }

    /// <summary>Whether one unit is as good as many: a miner may then put all his training into whatever units he has.</summary>
    public abstract bool UnitsMatter { get; }

    /// <param name="steps">Times the usual steps, not negative.</param>
    public abstract double Credit(double steps);

    /// <summary>
    /// A curve through measured points: straight between them on logarithmic axes, and on beyond them with the end's slope. Nobody has to
    /// train on past the best point: from there the curve is flat.
    /// </summary>
    /// <param name="points">By rising steps, at least two; all numbers above 0.</param>
    public static StepsCurve Through(IReadOnlyList<(double Steps, double Credit)> points) => new MeasuredCurve(points);

    private sealed class LinearCurve : StepsCurve
    {
        public override string Name => "linear";

        public override bool UnitsMatter => false;

        public override double Credit(double steps) => steps;
    }

    private sealed class MeasuredCurve : StepsCurve
    {
        private readonly (double Steps, double Credit)[] _logs;

        public MeasuredCurve(IReadOnlyList<(double Steps, double Credit)> points)
        {
            ArgumentNullException.ThrowIfNull(points);
            if (points.Count < 2 || points.Any(point => point.Steps <= 0 || point.Credit <= 0))
            {
                throw new ArgumentException("A curve goes through at least two points above 0.", nameof(points));
            }

            double best = 0;
            _logs = [.. points.Select(point => (Math.Log(point.Steps), Math.Log(best = Math.Max(best, point.Credit))))];
        }

        public override string Name => "measured";

        public override bool UnitsMatter => true;

        public override double Credit(double steps)
        {
            if (steps <= 0)
            {
                return 0;
            }

            double at = Math.Log(steps);
            int right = Math.Clamp(Array.FindIndex(_logs, point => point.Steps >= at), 1, _logs.Length - 1);
            right = at > _logs[^1].Steps ? _logs.Length - 1 : right;
            (double x0, double y0) = _logs[right - 1];
            (double x1, double y1) = _logs[right];
            return Math.Exp(y0 + ((y1 - y0) * (at - x0) / (x1 - x0)));
        }
    }
}
