using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace OpenPresence.Server.Issuer.Protocol;

/// <summary>
/// HTML that is written as an interpolated string, in which every hole is encoded unless it is HTML
/// itself. So a name like <c>&lt;script&gt;</c> cannot become one by forgetting something; it would
/// take a cast to do it.
/// </summary>
[InterpolatedStringHandler]
internal readonly struct Html
{
    private readonly StringBuilder _text;

    public Html(int literalLength, int formattedCount) =>
        _text = new StringBuilder(literalLength + 32 * formattedCount);

    public void AppendLiteral(string literal) => _text.Append(literal);

    public void AppendFormatted(string? value)
    {
        if (value is not null)
        {
            _text.Append(HtmlEncoder.Default.Encode(value));
        }
    }

    public void AppendFormatted(int value) => _text.Append(value);

    public void AppendFormatted(Html value) => _text.Append(value._text);

    public void AppendFormatted(IEnumerable<Html> values)
    {
        foreach (var value in values)
        {
            AppendFormatted(value);
        }
    }

    /// <summary>Nothing.</summary>
    public static Html None => $"";

    public override string ToString() => _text.ToString();
}
