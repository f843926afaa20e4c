namespace OpenPresence.Server.Tests.State.Machine;

/// <summary>
/// What bytes may suffer: they end too soon, or one bit of them is another. A reader refuses both with an
/// <see cref="InvalidDataException"/>. What it takes all the same, because it could have been written like that, it
/// must have read to the last bit: written again, it gives the same bytes.
/// </summary>
internal static class EveryDamage
{
    /// <param name="whole">Bytes that a writer wrote.</param>
    /// <param name="again">Reads bytes to their end and writes what it read.</param>
    /// <param name="bits">Which bits of each byte are tried.</param>
    public static void IsRefusedOrTakenAsItIs(byte[] whole, Func<byte[], byte[]> again, Func<int, int[]>? bits = null)
    {
        Assert.Equal(whole, again(whole));
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => again(whole[..length]));
        }
        for (var at = 0; at < whole.Length; at++)
        {
            foreach (var bit in bits?.Invoke(at) ?? [0, 1, 2, 3, 4, 5, 6, 7])
            {
                Flip(whole, at, bit, again);
            }
        }
    }

    private static void Flip(byte[] whole, int at, int bit, Func<byte[], byte[]> again)
    {
        byte[] damaged = [.. whole];
        damaged[at] ^= (byte)(1 << bit);
        try
        {
            Assert.Equal(damaged, again(damaged));
        }
        catch (InvalidDataException)
        {
            // Refused, which is what should happen to most.
        }
        catch (Exception other)
        {
            Assert.Fail($"bit {bit} of byte {at} of {whole.Length}: {other}");
        }
    }
}
