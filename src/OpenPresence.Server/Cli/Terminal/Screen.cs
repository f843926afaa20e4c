using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace OpenPresence.Server.Cli.Terminal;

/// <summary>
/// Where a command shows what it found: to a person with colours and columns, to a pipe as plain lines, to a program as
/// JSON. The only part that knows the terminal library, and the server never loads it.
/// </summary>
internal sealed class Screen(Shell shell)
{
    /// <summary>A pipe has no width; lines are as long as what they say.</summary>
    private const int ColumnsOfAPipe = 4096;

    /// <summary>The columns that take what room is left, in several lines where they must.</summary>
    private static readonly string[] Sentences = ["MESSAGE", "WHY"];

    private static readonly JsonSerializerOptions Relaxed = new()
    {
        // The output is JSON and never HTML; names keep their letters.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private IAnsiConsole? console;

    /// <summary>The terminal; of a pipe, one without colours and movements.</summary>
    public IAnsiConsole Console => console ??= Open(shell.Output, shell.IsOutputTerminal, shell.HasColor);

    /// <summary>Whether a person looks on.</summary>
    public bool IsTerminal => shell.IsOutputTerminal;

    /// <summary>How many characters a line has.</summary>
    public int Columns => IsTerminal ? Console.Profile.Width : ColumnsOfAPipe;

    /// <summary>Writes a line of results.</summary>
    public void Line(string text) => shell.Output.WriteLine(PlainText.Of(text));

    /// <summary>Writes a line of results for a program.</summary>
    public void Line(JsonNode json) => shell.Output.WriteLine(json.ToJsonString(Relaxed));

    /// <summary>Says something beside the results.</summary>
    public void Note(string text) => shell.Errors.WriteLine(PlainText.Of(text));

    /// <summary>Shows a table; cells without a value are empty.</summary>
    public void Table(IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<IRenderable>> rows)
    {
        var table = NewTable(heads);
        foreach (var row in rows)
        {
            table.AddRow(row);
        }
        if (IsTerminal)
        {
            Console.Write(table);
            return;
        }
        using var lines = new StringWriter();
        Open(lines, isTerminal: false, hasColor: false).Write(table);
        foreach (var line in lines.ToString().TrimEnd().Split('\n'))
        {
            shell.Output.WriteLine(line.TrimEnd());
        }
    }

    /// <summary>A table with nothing in it.</summary>
    public static Table NewTable(IEnumerable<string> heads)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = true };
        foreach (var head in heads)
        {
            table.AddColumn(
                new TableColumn(new Text(head, new Style(decoration: Decoration.Bold)))
                {
                    Padding = new Padding(0, 0, 2, 0),
                    NoWrap = !Sentences.Contains(head, StringComparer.Ordinal),
                }
            );
        }
        return table;
    }

    /// <summary>A cell with a text of somebody's.</summary>
    public static Text Cell(string? text) => new(PlainText.Of(text));

    /// <summary>What a person shows: a shape and a colour for the eye, and always the words.</summary>
    public IRenderable Pair(string? availability, string? activity)
    {
        var words = availability == activity ? $"{availability}" : $"{availability}/{activity}";
        var (shape, color) = availability switch
        {
            "Available" or "AvailableIdle" => ("✓", Color.Green),
            "Busy" or "BusyIdle" => ("●", Color.Red),
            "DoNotDisturb" => ("⊖", Color.Red),
            "Away" or "BeRightBack" => ("◷", Color.Olive),
            _ => ("○", Color.Grey),
        };
        return IsTerminal ? new Text($"{shape} {words}", new Style(color)) : Cell(words);
    }

    private static IAnsiConsole Open(TextWriter writer, bool isTerminal, bool hasColor)
    {
        var opened = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(writer),
                Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
                ColorSystem = isTerminal && hasColor ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
                Interactive = InteractionSupport.No,
            }
        );
        if (!isTerminal)
        {
            opened.Profile.Width = ColumnsOfAPipe;
        }
        return opened;
    }
}
