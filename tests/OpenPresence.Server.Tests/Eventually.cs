using System.Runtime.CompilerServices;

namespace OpenPresence.Server.Tests;

/// <summary>
/// Waits for what another thread, process or machine is about to do and cannot tell of. It looks again after a short pause,
/// and its limit is so long that only what never comes about meets it, however slow and busy the machine is. What passed
/// meanwhile is no test's business.
/// </summary>
internal static class Eventually
{
    /// <summary>What takes longer is taken for something that never comes about.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits until a condition holds.</summary>
    /// <param name="isSo">The condition.</param>
    /// <param name="said">What to say beside it when it never does.</param>
    /// <param name="what">The condition as it is written.</param>
    public static Task IsSoAsync(
        Func<bool> isSo,
        Func<string>? said = null,
        [CallerArgumentExpression(nameof(isSo))] string what = ""
    ) => IsSoAsync(() => Task.FromResult(isSo()), said, what);

    /// <summary>Waits until a condition holds that takes a while to look at.</summary>
    /// <param name="isSo">The condition.</param>
    /// <param name="said">What to say beside it when it never does.</param>
    /// <param name="what">The condition as it is written.</param>
    public static Task IsSoAsync(
        Func<Task<bool>> isSo,
        Func<string>? said = null,
        [CallerArgumentExpression(nameof(isSo))] string what = ""
    ) => SeenAsync(isSo, holds => holds, _ => said?.Invoke() ?? "", what);

    /// <summary>Waits until what is looked at is as it is wanted.</summary>
    /// <param name="look">Looks.</param>
    /// <param name="isWanted">Whether that is it.</param>
    /// <param name="said">What to say of what was seen last when it never is.</param>
    /// <param name="what">What is wanted, as it is written.</param>
    public static async Task<T> SeenAsync<T>(
        Func<Task<T>> look,
        Func<T, bool> isWanted,
        Func<T, string>? said = null,
        [CallerArgumentExpression(nameof(isWanted))] string what = ""
    )
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var seen = await look();
            if (isWanted(seen))
            {
                return seen;
            }
            if (TimeProvider.System.GetElapsedTime(begun) > Limit)
            {
                throw new TimeoutException($"Not within {Limit}: {what}. {said?.Invoke(seen) ?? $"{seen}"}");
            }
            await Task.Delay(LookAgainAfter);
        }
    }
}
