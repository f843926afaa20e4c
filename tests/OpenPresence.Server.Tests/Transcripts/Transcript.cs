using System.Text.RegularExpressions;

namespace OpenPresence.Server.Tests.Transcripts;

/// <summary>
/// A conversation with the server as readable text. Lines:
/// <c># …</c> remarks, the first two the title and the source page ·
/// <c>begins INSTANT</c> what the clock shows at the start, where a page's own dates have to lie ahead ·
/// <c>history N</c> how many states of each person are remembered, where any are ·
/// <c>as app PERMISSION…</c>, <c>as application ID PERMISSION…</c>, <c>as person ID PERMISSION…</c>,
/// <c>as provisioning</c>, <c>as nobody</c> ·
/// <c>clock PT5M</c> moves the clock ·
/// <c>&gt; …</c> the request: its line, headers, and after an empty one the body, which may stand in base64
/// (<c>Content-Transfer-Encoding: base64</c>, which is not sent) ·
/// <c>&lt; …</c> the answer: status, the headers that are checked, and the body byte by byte, in which
/// <c>{guid}</c>, <c>{instant}</c>, <c>{sequence}</c> and <c>{any}</c> are holes. A body of just <c>…</c> is not looked at.
/// <c>* …</c> what the receiver gets next, waited for: method and path, headers, and the body with the same holes.
/// In all of them, <c>{receiver}</c> is the address of a receiver of webhooks, <c>{created}</c> the id in the last
/// 201, and <c>{certificate}</c> the base64 of an encryption certificate.
/// </summary>
public sealed partial class Transcript
{
    private readonly List<Step> steps = [];

    private Transcript(string title, string source) => (Title, Source) = (title, source);

    public string Title { get; }

    public string Source { get; }

    /// <summary>When it begins; null: it does not matter.</summary>
    public DateTimeOffset? BeginsAt { get; private set; }

    /// <summary>The setting <c>historyEntries</c>; 0: no history is kept.</summary>
    public int HistoryEntries { get; private set; }

    /// <summary>One request and its answer, a move of the clock, or something that the receiver gets.</summary>
    public sealed record Step(
        string[] Caller,
        TimeSpan? Clock,
        IReadOnlyList<string> Request,
        IReadOnlyList<string> Answer
    )
    {
        public IReadOnlyList<string> Received { get; init; } = [];

        /// <summary>The remark that it stands under; empty: none.</summary>
        public string Remark { get; init; } = "";

        public bool IsRequest => Request.Count > 0;
    }

    public IReadOnlyList<Step> Steps => steps;

    /// <summary>Every route that the requests of this transcript name, without query.</summary>
    public IEnumerable<(string Method, string Path)> Requests =>
        steps
            .Where(step => step.IsRequest)
            .Select(step => step.Request[0].Split(' '))
            .Select(line => (line[0], line[1].Split('?')[0]));

    /// <summary>Whether some request names the address of a webhook receiver, <c>{receiver}</c>.</summary>
    public bool NeedsReceiver => steps.Any(step => step.Request.Any(line => line.Contains("{receiver}")));

    /// <summary>The same, with every <c>{name}</c> of a request or an answer put in.</summary>
    public static List<string> Fill(IEnumerable<string> lines, string name, string value) =>
        [.. lines.Select(line => line.Replace($"{{{name}}}", value, StringComparison.Ordinal))];

    public static Transcript Parse(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var transcript = new Transcript(
            lines[0].TrimStart('#', ' '),
            lines[1].TrimStart('#', ' ').Replace("source: ", "", StringComparison.Ordinal)
        );
        string[] caller = ["nobody"];
        var remark = "";
        for (var at = 2; at < lines.Length; at++)
        {
            var line = lines[at];
            if (line.StartsWith("as ", StringComparison.Ordinal))
            {
                caller = line[3..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            }
            else if (line.StartsWith("begins ", StringComparison.Ordinal))
            {
                transcript.BeginsAt = DateTimeOffset.Parse(
                    line[7..],
                    System.Globalization.CultureInfo.InvariantCulture
                );
            }
            else if (line.StartsWith("history ", StringComparison.Ordinal))
            {
                transcript.HistoryEntries = int.Parse(line[8..], System.Globalization.CultureInfo.InvariantCulture);
            }
            else if (line.StartsWith("clock ", StringComparison.Ordinal))
            {
                var by = System.Xml.XmlConvert.ToTimeSpan(line[6..]);
                transcript.steps.Add(new Step(caller, by, [], []));
            }
            else if (line.StartsWith('*'))
            {
                var received = Take(lines, ref at, '*');
                transcript.steps.Add(new Step(caller, null, [], []) { Received = received, Remark = remark });
                at--;
            }
            else if (line.StartsWith('>'))
            {
                var request = Take(lines, ref at, '>');
                while (lines[at].Length == 0)
                {
                    at++;
                }
                transcript.steps.Add(new Step(caller, null, request, Take(lines, ref at, '<')) { Remark = remark });
                at--;
            }
            else if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                remark = line[2..];
            }
            else if (line.Length > 0)
            {
                throw new FormatException($"line {at + 1} is no part of a transcript: {line}");
            }
        }
        return transcript;
    }

    /// <summary>The pattern that an expected body stands for.</summary>
    public static Regex Pattern(string expected) =>
        new(
            "^"
                + Hole()
                    .Replace(
                        Regex.Escape(expected).Replace(@"\}", "}", StringComparison.Ordinal),
                        hole =>
                            hole.Groups["hole"].Value switch
                            {
                                "guid" => "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
                                "instant" => @"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{7})?Z?",
                                "sequence" => "A[0-9A-F]{16}",
                                _ => ".*",
                            }
                    )
                + "$",
            RegexOptions.Singleline,
            TimeSpan.FromSeconds(1)
        );

    private static List<string> Take(string[] lines, ref int at, char mark)
    {
        var taken = new List<string>();
        while (at < lines.Length && lines[at].StartsWith(mark))
        {
            taken.Add(lines[at].Length > 2 ? lines[at][2..] : "");
            at++;
        }
        return taken;
    }

    [GeneratedRegex(@"\\\{(?<hole>guid|instant|sequence|any)}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Hole();
}
