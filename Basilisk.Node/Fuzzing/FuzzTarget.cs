using Basilisk.Node.Fuzzing.Inputs;
using Basilisk.Node.Fuzzing.Samples;

namespace Basilisk.Node.Fuzzing;

/// <summary>Gives inputs to one decoder. An exception is a crash; a refusal is a value with a token.</summary>
public delegate FuzzVerdict FuzzDecode(FuzzSamples samples, ReadOnlyMemory<byte> bytes);

/// <summary>A decoder of bytes that strangers send, and what it takes to attack it.</summary>
/// <param name="Name">Stable kebab-case name, as <c>simulate fuzz --target</c> takes it.</param>
/// <param name="Form">How its inputs are built, so that changes reach past the frame.</param>
/// <param name="Share">Its part of a run's cases, in any unit: cheap decoders take more.</param>
/// <param name="Seeds">Encodings of real values, each of which the decoder accepts (<see cref="FuzzForm.Json"/> and
/// <see cref="FuzzForm.Path"/>: answers).</param>
/// <param name="Decode">The decoder.</param>
public sealed record FuzzTarget(string Name, FuzzForm Form, int Share, Func<FuzzSamples, IReadOnlyList<byte[]>> Seeds, FuzzDecode Decode);
