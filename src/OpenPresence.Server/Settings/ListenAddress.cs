using System.Net;

namespace OpenPresence.Server.Settings;

/// <summary>One of the values of <see cref="ServerOptions.Listen"/>.</summary>
/// <param name="Address">The address; null: loopback, in both address families.</param>
public readonly record struct ListenAddress(IPAddress? Address)
{
    public static ListenAddress Loopback => new(null);

    /// <summary>Every interface, in both address families.</summary>
    public static ListenAddress Any => new(IPAddress.IPv6Any);

    /// <summary>Whether only programs of this machine can reach it.</summary>
    public bool IsLoopback => Address is null || IPAddress.IsLoopback(Address);

    /// <summary>Reads <c>loopback</c>, <c>any</c> or an address.</summary>
    public static bool TryParse(string text, out ListenAddress address)
    {
        address = default;
        switch (text.ToUpperInvariant())
        {
            case "LOOPBACK" or "LOCALHOST":
                return true;
            case "ANY" or "*":
                address = Any;
                return true;
            default:
                var isAddress = IPAddress.TryParse(text, out var parsed);
                address = new ListenAddress(parsed);
                return isAddress;
        }
    }

    /// <summary>All of the options' addresses, which the rules have checked.</summary>
    public static IReadOnlyList<ListenAddress> AllOf(ServerOptions options) =>
        [
            .. options.Listen.Select(text =>
                TryParse(text, out var address)
                    ? address
                    : throw new ArgumentException($"No address: {text}", nameof(options))
            ),
        ];
}
