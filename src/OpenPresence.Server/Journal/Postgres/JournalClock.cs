using OpenPresence.Engine;

namespace OpenPresence.Server.Journal.Postgres;

/// <summary>
/// What is added to the database's clock when an entry is stamped: nothing, or what the development clock was moved by.
/// </summary>
/// <param name="Offset">How far ahead; may be negative.</param>
/// <param name="FrozenAt">Where it stands still; null: it runs.</param>
public readonly record struct JournalClock(TimeSpan Offset, Instant? FrozenAt);
