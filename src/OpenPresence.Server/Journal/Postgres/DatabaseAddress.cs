using Npgsql;

namespace OpenPresence.Server.Journal.Postgres;

/// <summary>
/// A connection string as the journal uses it: what the operator wrote, and on top of it what the program
/// needs to be right. Holds a secret: nothing of it but <see cref="Where"/> may be shown.
/// </summary>
public sealed class DatabaseAddress
{
    /// <summary>
    /// No answer of the database takes longer, or its connection counts as dead. An append that waits for its
    /// lock or for a replica longer than that is asked after again, by its id.
    /// </summary>
    public static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(5);

    /// <summary>To make a connection, to each host.</summary>
    public static readonly TimeSpan ConnectMax = TimeSpan.FromSeconds(3);

    /// <summary>More than one node ever needs: the journal's own, the duties', snapshots, readers.</summary>
    public const int ConnectionsMax = 20;

    /// <summary>A batch of a hundred entries goes through in one piece; the driver's own are 8 KB.</summary>
    private const int BufferBytes = 64 << 10;

    // How the server notices within 5 s that a node is gone: idle (keepalives), owed an answer (user timeout),
    // or while it waits for a lock (connection check). A backend that outlives its node holds what others wait for.
    private const string SessionOptions =
        "-c tcp_keepalives_idle=2 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=3 "
        + "-c tcp_user_timeout=5000 -c client_connection_check_interval=2000 "
        // The append function looks for the newest row after it got the lock: it must see what was committed since.
        + "-c default_transaction_isolation=read\\ committed "
        // Planned once, and right for a table that is empty now and large tomorrow: by its index. To plan each call anew took
        // a tenth of the database's time.
        + "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_bitmapscan=off "
        // A scan of a table without an index counts as endless then, and what looks long is compiled first: 0.3 s of a core
        // for each beat of a node.
        + "-c jit=off "
        // Of a wait for a replica that was cut short, a warning is all that is said (ReplicaWaits).
        + "-c client_min_messages=warning "
        + "-c statement_timeout=0 -c lock_timeout=0 -c idle_session_timeout=0";

    private readonly NpgsqlConnectionStringBuilder _text;
    private readonly string? _passwordFile;

    private DatabaseAddress(NpgsqlConnectionStringBuilder text, string? passwordFile) =>
        (_text, _passwordFile) = (text, passwordFile);

    /// <summary>The database in words that may be shown.</summary>
    public string Where => $"database {_text.Database ?? _text.Username} on {_text.Host}";

    /// <summary>Reads a connection string; null: it is none, and <paramref name="fault"/> says why.</summary>
    public static DatabaseAddress? TryParse(string connection, string? passwordFile, out string? fault)
    {
        NpgsqlConnectionStringBuilder text;
        try
        {
            text = new NpgsqlConnectionStringBuilder(connection);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            // The exception's own words would repeat parts of the text.
            fault = "Is no connection string such as Host=db.example;Database=openpresence.";
            return null;
        }

        fault =
            string.IsNullOrEmpty(text.Host) ? "Names no Host."
            : text.Multiplexing ? "Multiplexing cannot be used: locks belong to connections."
            : passwordFile is not null && text.Password is not null
                ? "The password stands both here and in journalPasswordFile: leave it out here."
            : null;
        return fault is null ? new DatabaseAddress(Settled(text), passwordFile) : null;
    }

    /// <summary>What makes connections; always to a server that takes writes, if several hosts are named.</summary>
    public NpgsqlDataSource Build(bool isPooled = true)
    {
        var text = new NpgsqlConnectionStringBuilder(_text.ConnectionString) { Pooling = isPooled };
        var builder = new NpgsqlDataSourceBuilder(text.ConnectionString);
        if (_passwordFile is { } file)
        {
            // Read for each connection: it may be replaced while the server runs.
            _ = builder.UsePasswordProvider(
                _ => Password(File.ReadAllText(file)),
                async (_, cancel) => Password(await File.ReadAllTextAsync(file, cancel))
            );
        }

        return _text.Host!.Contains(',', StringComparison.Ordinal)
            ? builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary)
            : builder.Build();
    }

    private static string Password(string content) => content.TrimEnd('\r', '\n');

    private static NpgsqlConnectionStringBuilder Settled(NpgsqlConnectionStringBuilder text)
    {
        text.Timeout = (int)ConnectMax.TotalSeconds;
        text.CommandTimeout = (int)AnswerMax.TotalSeconds;
        // Never ask the server to cancel: a commit that waits for its replica would then come back as done.
        text.CancellationTimeout = -1;
        text.TcpKeepAlive = true;
        text.TcpKeepAliveTime = 2;
        text.TcpKeepAliveInterval = 1;
        text.HostRecheckSeconds = 1;
        text.MaxPoolSize = ConnectionsMax;
        text.Enlist = false;
        text.IncludeErrorDetail = false;
        // Which of an append's two statements failed decides what is known of it.
        text.IncludeFailedBatchedCommand = true;
        text.LogParameters = false;
        text.ReadBufferSize = Math.Max(text.ReadBufferSize, BufferBytes);
        text.WriteBufferSize = Math.Max(text.WriteBufferSize, BufferBytes);
        text.ApplicationName ??= "OpenPresence";
        text.Options = text.Options is { } own ? $"{own} {SessionOptions}" : SessionOptions;
        return text;
    }
}
