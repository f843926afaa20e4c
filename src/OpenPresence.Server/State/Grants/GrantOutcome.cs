namespace OpenPresence.Server.State.Grants;

/// <summary>What became of a change when it was applied.</summary>
public enum GrantOutcome : byte
{
    /// <summary>It holds.</summary>
    Done,

    /// <summary>There is no such code or token, or it has ended.</summary>
    Unknown,

    /// <summary>It was redeemed before; its grant is revoked.</summary>
    AlreadyRedeemed,

    /// <summary>A person has decided about the device before.</summary>
    AlreadyDecided,

    /// <summary>No person has decided about the device yet.</summary>
    Pending,

    /// <summary>The person said no to the device.</summary>
    Denied,

    /// <summary>The digest is taken; nobody but chance can do that, and chance does not.</summary>
    Duplicate,
}
