using OpenPresence.Server.State.Machine;
using OpenPresence.Server.State.Presences;

namespace OpenPresence.Server.Graph;

/// <summary>
/// Tells a writer where its write stands in the order of all: <c>openpresence-sequence: A…</c>. Whoever hands it to
/// another node as <see cref="AwaitedSequence"/> reads nothing older there. Also with a refusal that was decided
/// where the order is known, such as a session that is not there: that knowledge has a place, too.
/// </summary>
public static class AnsweredSequence
{
    /// <summary>The answer's header.</summary>
    public const string Header = "openpresence-sequence";

    /// <summary>Puts a write's place into the answer, and hands its result on.</summary>
    public static EntryResult Tell(GraphCall call, EntryResult result)
    {
        if (!call.Server.Options.Strict)
        {
            call.Http.Response.Headers[Header] = Sequence.Text(Sequence.First(result.Position));
        }
        return result;
    }
}
