using System.Globalization;

namespace OpenPresence.Server.Streaming;

/// <summary>
/// A place in the order of all changes, as the <c>id</c> of an event names it: a journal position, and which of
/// the changes of that entry were told already (one entry can carry time across many deadlines). Every node,
/// and the same one after a restart, tells the same changes in the same order, so a place that one of them
/// gave out means the same to all. <c>8123-0</c> is the first change of entry 8123, <c>8123</c> all of them.
/// </summary>
/// <param name="Position">The journal position.</param>
/// <param name="Index">The last change of it that was told, from 0; <see cref="All"/>: every one.</param>
public readonly record struct LivePlace(long Position, int Index)
{
    /// <summary>Stands for the last change of an entry, however many it has.</summary>
    public const int All = int.MaxValue;

    /// <summary>The longest text, in characters: two numbers and a hyphen.</summary>
    public const int CharsMax = 19 + 1 + 10;

    /// <summary>The place of the change that follows in the order.</summary>
    public LivePlace Next(long position) => position == Position ? this with { Index = Index + 1 } : new(position, 0);

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out LivePlace place)
    {
        place = default;
        var hyphen = text.IndexOf('-');
        var index = All;
        if (
            text.Length > CharsMax
            || !TryNumber(hyphen < 0 ? text : text[..hyphen], out long position)
            || (hyphen >= 0 && !TryNumber(text[(hyphen + 1)..], out index))
        )
        {
            return false;
        }
        place = new LivePlace(position, index);
        return true;
    }

    /// <inheritdoc />
    public override string ToString() =>
        Index == All
            ? Position.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{Position}-{Index}");

    private static bool TryNumber<T>(ReadOnlySpan<char> text, out T number)
        where T : struct, System.Numerics.INumber<T> =>
        T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number!);
}
