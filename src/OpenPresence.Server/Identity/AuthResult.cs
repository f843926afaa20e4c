using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Identity;

/// <summary>What became of a request's token: a caller, or why there is none. Exactly one is set.</summary>
public readonly record struct AuthResult(Caller? Caller, Refusal? Refusal)
{
    public static implicit operator AuthResult(Caller caller) => new(caller, null);

    public static implicit operator AuthResult(Refusal refusal) => new(null, refusal);
}
