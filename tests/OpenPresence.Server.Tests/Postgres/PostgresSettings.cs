namespace OpenPresence.Server.Tests.Postgres;

/// <summary>What a test wants of its PostgreSQL.</summary>
internal sealed record PostgresSettings
{
    /// <summary>
    /// Whether commits are flushed to the disk. Where the order matters and not the power cut they need not be: what a
    /// killed process wrote is still with the kernel.
    /// </summary>
    public bool IsDurable { get; init; }

    /// <summary>Where clients reach it.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>In front of its command line: what puts it into a network of its own.</summary>
    public IReadOnlyList<string> Within { get; init; } = [];

    /// <summary>More of its own settings, by their names in postgresql.conf.</summary>
    public IReadOnlyDictionary<string, string> More { get; init; } = new Dictionary<string, string>();

    /// <summary>The options of its command line.</summary>
    /// <param name="data">Where its files are.</param>
    /// <param name="sockets">Where its administrator reaches it.</param>
    /// <param name="port">Where clients reach it.</param>
    public IEnumerable<string> Options(string data, string sockets, int port)
    {
        var switched = IsDurable ? "on" : "off";
        var all = new Dictionary<string, string>
        {
            ["port"] = $"{port}",
            ["listen_addresses"] = Within.Count == 0 ? Address : "*",
            ["unix_socket_directories"] = sockets,
            ["fsync"] = switched,
            ["full_page_writes"] = switched,
            ["max_connections"] = "200",
            ["shared_buffers"] = "64MB",
            ["max_wal_senders"] = "10",
            ["wal_keep_size"] = "256MB",
            // A standby that lost its server looks for it again soon.
            ["wal_retrieve_retry_interval"] = "200ms",
            ["log_min_messages"] = "warning",
            // In its folder, so that a killed one leaves nothing of it elsewhere.
            ["dynamic_shared_memory_type"] = "mmap",
            // Tables live for a moment, and nothing is replicated by rows.
            ["autovacuum"] = "off",
            ["max_logical_replication_workers"] = "0",
        };
        foreach (var (name, value) in More)
        {
            all[name] = value;
        }
        return ["-D", data, .. all.SelectMany(setting => new[] { "-c", $"{setting.Key}={setting.Value}" })];
    }
}
