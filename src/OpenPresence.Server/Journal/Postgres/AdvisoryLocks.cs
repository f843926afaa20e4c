namespace OpenPresence.Server.Journal.Postgres;

/// <summary>
/// Every advisory lock that the program takes, as the two numbers that PostgreSQL knows it by. They belong to
/// one database. The SQL of the migrations names some of them in digits: never renumber.
/// </summary>
public static class AdvisoryLocks
{
    /// <summary>The first number of all of them: "OP".</summary>
    public const int Space = 0x4F50;

    /// <summary>Held while the schema is made or changed.</summary>
    public const int Migration = 1;

    /// <summary>Held for the length of one append; what makes the order.</summary>
    public const int Append = 2;

    /// <summary>Held by the node that writes a snapshot and trims.</summary>
    public const int Snapshot = 3;

    /// <summary>Held by the node that appends the ticks.</summary>
    public const int Ticker = 4;

    /// <summary>Held while an empty database is seeded.</summary>
    public const int Seeding = 5;

    /// <summary>Held while keys are made.</summary>
    public const int Keys = 6;

    /// <summary>The first of the partitions of subscriptions; the others follow it.</summary>
    public const int FirstPartition = 1000;
}
