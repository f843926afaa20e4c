using OpenPresence.Server.Serialization;

namespace OpenPresence.Server.State.Machine;

/// <summary>
/// The first byte of a journal entry's payload: which part of the node's state the entry concerns. Part of
/// the file format: append, never renumber. An entry of an unknown kind stops the program, because
/// skipping it would make this node differ from the others.
/// </summary>
public enum EntryKind : byte
{
    /// <summary>A command to one person's presence; see <see cref="CommandCodec"/>.</summary>
    Presence = 1,

    /// <summary>A change of tenants, people or applications.</summary>
    Directory = 2,

    // 3 was a change of the issuer's codes and tokens, which say themselves now what they stand for.

    /// <summary>Carries time on, when deadlines are due and nothing else comes. No bytes follow.</summary>
    Tick = 4,

    /// <summary>Puts a version of the rules in force; a byte of version follows.</summary>
    ActivateRules = 5,

    /// <summary>Moves the development clock; see <see cref="NodeClock"/>.</summary>
    MoveClock = 6,

    /// <summary>A seed file was taken in; 32 bytes of its SHA-256 follow.</summary>
    Seeded = 7,

    /// <summary>A change of subscriptions, or how far they were delivered.</summary>
    Subscription = 8,

    /// <summary>A person's whole presence as it was kept at an instant; its times move on by what has passed since.</summary>
    Record = 9,

    /// <summary>Another state takes the place of everything; see <see cref="StateReplacement"/>.</summary>
    Replace = 10,

    /// <summary>What a person showed is to be forgotten, on every node; the person's id follows.</summary>
    EraseHistory = 11,

    /// <summary>Changes nothing; every node tells the hash of its state at this position. No bytes follow.</summary>
    StateHash = 12,

    /// <summary>Sign-ins end before their time; see <see cref="Revocations.Revocation"/>.</summary>
    Revoked = 13,
}
