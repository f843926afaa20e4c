namespace OpenPresence.Server.Journal.Local;

/// <summary>Takes the end off the log, at start only: a torn tail, or what an operator gave up.</summary>
internal static class Truncation
{
    private const string CutExtension = ".cut";
    private const int CopyBytes = 1 << 20;

    public static IReadOnlyList<string> SegmentNames(IJournalFiles files) =>
        [
            .. files
                .Names()
                .Where(name =>
                    name.EndsWith(SegmentHeader.Extension, StringComparison.Ordinal)
                    && SegmentHeader.FirstOf(name) is not null
                )
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Zeros from <paramref name="offset"/> on, durably, in a file of its full size.</summary>
    public static void MakeBlank(IJournalFiles files, string name, long offset, long segmentBytes)
    {
        using var file = files.Open(name, FileUse.Write);
        file.SetLength(offset);
        Zeros.Write(file, offset, segmentBytes);
        file.Flush();
    }

    /// <summary>Sets a segment, and all that come after it, aside.</summary>
    public static string SetAside(IJournalFiles files, string name)
    {
        // The newest first: whatever interrupts this, what is left has no gap.
        var gone = SegmentNames(files).SkipWhile(n => n != name).Reverse().ToArray();
        foreach (var segment in gone)
        {
            files.Rename(segment, segment + CutExtension);
        }

        files.FlushNames();
        return $"{string.Join(", ", gone)}: set aside as {CutExtension}, as asked for.";
    }

    /// <summary>Cuts within a segment; a copy of it, and all that come after it, are set aside.</summary>
    public static string Cut(
        IJournalFiles files,
        IReadOnlyList<Segment> segments,
        Segment segment,
        long offset,
        LocalJournalOptions options
    )
    {
        var notice = segments.FirstOrDefault(s => s.First > segment.First) is { } after
            ? SetAside(files, after.Name)
            : string.Empty;
        Copy(files, segment.Name, segment.Name + CutExtension);
        files.FlushNames();
        MakeBlank(files, segment.Name, offset, options.SegmentBytes);
        return $"Entry {options.TruncateAt} and everything after it was cut, as asked for; "
            + $"{segment.Name} as it was is {segment.Name}{CutExtension}. {notice}";
    }

    private static void Copy(IJournalFiles files, string from, string to)
    {
        using var source = files.Open(from, FileUse.Read);
        using var target = files.Create(to, 0);
        var piece = new byte[CopyBytes];
        for (int offset = 0, read; (read = source.Read(piece, offset)) > 0; offset += read)
        {
            target.Write(piece.AsSpan(0, read), offset);
        }

        target.Flush();
    }
}
