using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace OpenPresence.Server.Keys;

/// <summary>
/// Text that this server gives away and takes back: only its nodes can read it, and whoever changes it makes it unreadable
/// (AES-256-GCM). Its key follows from a signing key, so every node that can sign can read it, and no node has to remember it.
/// </summary>
internal static class SealedText
{
    private static readonly int NonceBytes = AesGcm.NonceByteSizes.MaxSize;
    private static readonly int TagBytes = AesGcm.TagByteSizes.MaxSize;

    /// <summary>What was sealed.</summary>
    /// <param name="Content">It.</param>
    /// <param name="Id">The text's own; the same text can be spelled in several ways.</param>
    public readonly record struct Opened(byte[] Content, string Id);

    /// <param name="key">The key that signs now.</param>
    /// <param name="purpose">What it is for; nothing that is sealed for another purpose can stand in for it.</param>
    /// <param name="content">What is sealed.</param>
    public static string Seal(SigningKey key, string purpose, ReadOnlySpan<byte> content)
    {
        var text = new byte[NonceBytes + TagBytes + content.Length];
        var nonce = text.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(key.SecretFor(purpose), TagBytes);
        cipher.Encrypt(nonce, content, text.AsSpan(NonceBytes + TagBytes), text.AsSpan(NonceBytes, TagBytes));
        return Base64Url.EncodeToString(text);
    }

    /// <summary>What is in it; null: it was not sealed here for that purpose, or its key is gone.</summary>
    public static async ValueTask<Opened?> OpenAsync(
        SigningKeys keys,
        string purpose,
        string text,
        CancellationToken cancel
    )
    {
        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (
            Base64Url.DecodeFromChars(text, bytes, out _, out var length) is not OperationStatus.Done
            || length < NonceBytes + TagBytes
        )
        {
            return null;
        }

        foreach (var key in await keys.KeptAsync(cancel))
        {
            if (TryOpen(key, purpose, bytes.AsSpan(0, length), out var content))
            {
                return new(content, Convert.ToHexString(bytes, 0, NonceBytes));
            }
        }

        return null;
    }

    private static bool TryOpen(SigningKey key, string purpose, ReadOnlySpan<byte> text, out byte[] content)
    {
        content = new byte[text.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(key.SecretFor(purpose), TagBytes);
        try
        {
            cipher.Decrypt(
                text[..NonceBytes],
                text[(NonceBytes + TagBytes)..],
                text.Slice(NonceBytes, TagBytes),
                content
            );
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }
}
