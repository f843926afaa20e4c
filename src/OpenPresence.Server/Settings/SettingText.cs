using System.Globalization;
using OpenPresence.Server.Jsonc;

namespace OpenPresence.Server.Settings;

/// <summary>One value of a setting from its text; the same rules wherever the text stood.</summary>
internal static class SettingText
{
    /// <summary>The most characters of one value.</summary>
    public const int CharsMax = 4_096;

    /// <summary>The value; otherwise a sentence that says what it should be.</summary>
    public static bool TryRead(Type type, string text, out object value, out string fault)
    {
        (object? Value, string Fault) read =
            text.Length > CharsMax ? (null, $"has more than {CharsMax} characters")
            : type == typeof(string) ? Text(text)
            : type == typeof(bool) ? Flag(text)
            : type == typeof(int) ? Number(text, int.MinValue, int.MaxValue)
            : type == typeof(long) ? Number(text, long.MinValue, long.MaxValue)
            : type == typeof(TimeSpan) ? Duration(text)
            : type == typeof(Uri) ? Address(text)
            : type == typeof(Guid) ? Id(text)
            : type.IsEnum ? Word(type, text)
            : throw new NotSupportedException($"No text for {type.Name}.");
        value = read.Value is long number && type == typeof(int) ? (int)number : read.Value ?? text;
        fault = read.Fault;
        return read.Value is not null;
    }

    private static (object?, string) Text(string text) =>
        text.Any(char.IsControl) ? (null, "contains a control character") : (text, "");

    private static (object?, string) Flag(string text) =>
        text.ToUpperInvariant() switch
        {
            "TRUE" => (true, ""),
            "FALSE" => (false, ""),
            _ => (null, $"'{text}' must be true or false"),
        };

    private static (object?, string) Number(string text, long min, long max) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        && number >= min
        && number <= max
            ? (number, "")
            : (null, $"'{text}' is no whole number");

    private static (object?, string) Duration(string text) =>
        IsoDuration.TryParse(text, out var duration)
            ? (duration, "")
            : (null, $"'{text}' is no ISO 8601 duration such as PT5M or P1D");

    private static (object?, string) Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
            ? (address, "")
            : (null, $"'{text}' is no absolute address such as https://presence.example");

    private static (object?, string) Id(string text) =>
        Guid.TryParseExact(text, "D", out var id)
            ? (id, "")
            : (null, $"'{text}' is no id such as 00000000-0000-0000-0000-000000000000");

    private static (object?, string) Word(Type type, string text)
    {
        var names = Enum.GetNames(type);
        var name = names.FirstOrDefault(n => n.Equals(text, StringComparison.OrdinalIgnoreCase));
        return name is not null
            ? (Enum.Parse(type, name), "")
            : (null, $"'{text}' must be one of {string.Join(", ", names)}");
    }
}
