namespace OpenPresence.Server.Journal;

/// <summary>
/// The journal cannot write at the moment: full disk, I/O error, lost connection, too many waiting.
/// It passes without a restart. Nothing was appended, unless the message says that this is not known: when
/// the database was lost at the wrong moment and did not come back in time.
/// </summary>
public sealed class JournalUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// The journal cannot be used as it lies there, and no retry will change that. The message is for the person
/// who starts the server: what is wrong, where, and what can be done about it.
/// </summary>
/// <param name="refusal">Which of the known reasons.</param>
/// <param name="message">What is wrong, where, and the ways out.</param>
/// <param name="position">The first position that is affected, where there is one.</param>
public sealed class JournalRefusedException(JournalRefusal refusal, string message, long? position = null)
    : Exception(message)
{
    /// <summary>Which of the known reasons.</summary>
    public JournalRefusal Refusal { get; } = refusal;

    /// <summary>The first position that is affected, where there is one.</summary>
    public long? Position { get; } = position;
}

/// <summary>Why a journal refuses to be used. Closed.</summary>
public enum JournalRefusal
{
    /// <summary>Another server holds the data directory.</summary>
    InUse,

    /// <summary>The last entry lies further beyond the clock than is allowed.</summary>
    ClockBehind,

    /// <summary>Written by a newer program, or not a journal's file at all.</summary>
    UnknownFormat,

    /// <summary>Entries that were once durable do not match their checksums.</summary>
    Damaged,

    /// <summary>Entries that are asked for were trimmed, or their file is missing.</summary>
    EntriesMissing,

    /// <summary>What is stored is not what this node applied: it has to load the state anew.</summary>
    Diverged,
}
