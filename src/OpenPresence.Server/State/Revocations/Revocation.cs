using OpenPresence.Server.Serialization;

namespace OpenPresence.Server.State.Revocations;

/// <summary>
/// Sign-ins end before their time: those of a person, of an application, of both together, or one. All empty: everybody's.
/// </summary>
/// <param name="PersonId">Of this person; empty: of every person.</param>
/// <param name="ClientId">Through this application; empty: through every one.</param>
/// <param name="SessionId">This sign-in alone; then the others are empty.</param>
public readonly record struct Revocation(Guid PersonId, Guid ClientId, Guid SessionId = default)
{
    internal void Write(PackedWriter output)
    {
        output.Id(PersonId);
        output.Id(ClientId);
        output.Id(SessionId);
    }

    internal static Revocation Read(ref PackedReader input) => new(input.Id(), input.Id(), input.Id());
}
