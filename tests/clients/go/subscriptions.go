package main

import (
	"context"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	_ "crypto/sha1" // OAEP with SHA-1, as Graph's page says
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"slices"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
)

const (
	publisher   = "0bf30f3b-4a52-48df-9a82-234910c4a086" // Microsoft Graph Change Tracking, who signs notifications
	waitTimeMax = 20 * time.Second
)

// notifications is what one POST brings.
type notifications struct {
	Value []struct {
		SubscriptionID, ClientState, ChangeType string
		ResourceData                            struct{ ID string }
		EncryptedContent                        struct{ Data, DataKey, DataSignature, EncryptionCertificateID string }
	}
	ValidationTokens []string
}

// receiver is a web server that confirms its address and keeps what comes. Close it.
func receiver() (*httptest.Server, <-chan notifications) {
	received := make(chan notifications, 100)
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if token := r.URL.Query().Get("validationToken"); token != "" {
			w.Header().Set("Content-Type", "text/plain")
			_, _ = io.WriteString(w, token)
			return
		}
		var told notifications
		if err := json.NewDecoder(r.Body).Decode(&told); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		received <- told
		w.WriteHeader(http.StatusAccepted)
	})), received
}

func next(ctx context.Context, received <-chan notifications) (notifications, error) {
	select {
	case told := <-received:
		return told, nil
	case <-ctx.Done():
		return notifications{}, ctx.Err()
	case <-time.After(waitTimeMax):
		return notifications{}, fmt.Errorf("nothing came within %v", waitTimeMax)
	}
}

func wanted(address string) models.Subscriptionable {
	body := models.NewSubscription()
	body.SetChangeType(to("updated"))
	body.SetNotificationUrl(&address)
	body.SetResource(to("/communications/presences/" + viktor))
	body.SetExpirationDateTime(to(time.Now().Add(50 * time.Minute)))
	body.SetClientState(to("from Go"))
	return body
}

func subscribed(ctx context.Context) error {
	server, received := receiver()
	defer server.Close()
	made, err := person.Subscriptions().Post(ctx, wanted(server.URL), nil)
	if err != nil {
		return fmt.Errorf("create: %w", err)
	}
	id := text(made.GetId())
	if err := set(ctx, "Busy", "InACall"); err != nil {
		return err
	}
	told, err := next(ctx, received)
	if err != nil {
		return err
	}
	if err := clearSession(ctx); err != nil {
		return err
	}
	item := told.Value[0]
	if err := errors.Join(
		holds(text(made.GetCreatorId()) == viktor, "creator %s", text(made.GetCreatorId())),
		holds(text(made.GetApplicationId()) == publicClient, "application %s", text(made.GetApplicationId())),
		holds(item.SubscriptionID == id && item.ClientState == "from Go" && item.ChangeType == "updated", "%+v", item),
		holds(item.ResourceData.ID == viktor, "of %s", item.ResourceData.ID)); err != nil {
		return err
	}

	mine := person.Subscriptions().BySubscriptionId(id)
	all, err := person.Subscriptions().Get(ctx, nil)
	if err != nil {
		return fmt.Errorf("list: %w", err)
	}
	isListed := slices.ContainsFunc(all.GetValue(), func(one models.Subscriptionable) bool { return text(one.GetId()) == id })
	later := models.NewSubscription()
	later.SetExpirationDateTime(to(time.Now().Add(59 * time.Minute)))
	renewed, err := mine.Patch(ctx, later, nil)
	if err != nil {
		return fmt.Errorf("update: %w", err)
	}
	if err := mine.Reauthorize().Post(ctx, nil); err != nil {
		return fmt.Errorf("reauthorize: %w", err)
	}
	if err := mine.Delete(ctx, nil); err != nil {
		return fmt.Errorf("delete: %w", err)
	}
	_, gone := mine.Get(ctx, nil)
	return errors.Join(
		holds(isListed, "not in the list"),
		holds(renewed.GetExpirationDateTime().After(*made.GetExpirationDateTime()), "not renewed"),
		refused(gone, 404, ""))
}

func presenceInANotification(ctx context.Context) error {
	key, certificate, err := selfSigned()
	if err != nil {
		return err
	}
	server, received := receiver()
	defer server.Close()
	body := wanted(server.URL)
	body.SetIncludeResourceData(to(true))
	body.SetEncryptionCertificate(to(base64.StdEncoding.EncodeToString(certificate)))
	body.SetEncryptionCertificateId(to("of this run"))
	made, err := person.Subscriptions().Post(ctx, body, nil)
	if err != nil {
		return fmt.Errorf("create: %w", err)
	}
	if err := set(ctx, "DoNotDisturb", "Presenting"); err != nil {
		return err
	}
	told, err := next(ctx, received)
	if err != nil {
		return err
	}
	if err := errors.Join(
		clearSession(ctx),
		person.Subscriptions().BySubscriptionId(text(made.GetId())).Delete(ctx, nil)); err != nil {
		return err
	}

	content := told.Value[0].EncryptedContent
	plain, err := opened(key, content.DataKey, content.Data, content.DataSignature)
	if err != nil {
		return err
	}
	var presence struct{ ID, Activity string }
	if err := json.Unmarshal(plain, &presence); err != nil {
		return err
	}
	claims, err := confirmed(ctx, told.ValidationTokens[0])
	if err != nil {
		return fmt.Errorf("validation token: %w", err)
	}
	return errors.Join(
		holds(content.EncryptionCertificateID == "of this run", "certificate %s", content.EncryptionCertificateID),
		holds(presence.ID == viktor && presence.Activity == "Presenting", "%s", plain),
		holds(claims["aud"] == publicClient && claims["tid"] == tenant, "claims %v", claims),
		holds(claims["azp"] == publisher || claims["appid"] == publisher, "claims %v", claims))
}

func selfSigned() (*rsa.PrivateKey, []byte, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "presence in notifications"},
		NotBefore: time.Now().Add(-time.Minute), NotAfter: time.Now().Add(24 * time.Hour),
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	return key, certificate, err
}

// opened follows the steps of Graph's page on notifications with resource data.
func opened(key *rsa.PrivateKey, dataKey, data, signature string) ([]byte, error) {
	var parts [3][]byte
	for i, encoded := range []string{dataKey, data, signature} {
		part, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			return nil, err
		}
		parts[i] = part
	}
	symmetric, err := key.Decrypt(nil, parts[0], &rsa.OAEPOptions{Hash: crypto.SHA1})
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, symmetric)
	mac.Write(parts[1])
	if !hmac.Equal(mac.Sum(nil), parts[2]) {
		return nil, errors.New("the signature is wrong")
	}
	block, err := aes.NewCipher(symmetric)
	if err != nil {
		return nil, err
	}
	plain := make([]byte, len(parts[1]))
	cipher.NewCBCDecrypter(block, symmetric[:aes.BlockSize]).CryptBlocks(plain, parts[1])
	return plain[:len(plain)-int(plain[len(plain)-1])], nil
}

// confirmed are the claims of a token that one of the keys signed which the authority publishes.
func confirmed(ctx context.Context, token string) (jwt.MapClaims, error) {
	var discovery struct {
		Keys string `json:"jwks_uri"`
	}
	if err := fetch(ctx, graphURL+"/common/.well-known/openid-configuration", &discovery); err != nil {
		return nil, err
	}
	var set struct{ Keys []struct{ Kid, N, E string } }
	if err := fetch(ctx, discovery.Keys, &set); err != nil {
		return nil, err
	}
	claims := jwt.MapClaims{}
	_, err := jwt.ParseWithClaims(token, claims, func(read *jwt.Token) (any, error) {
		for _, key := range set.Keys {
			if key.Kid == read.Header["kid"] {
				modulus, wrong := base64.RawURLEncoding.DecodeString(key.N)
				exponent, alsoWrong := base64.RawURLEncoding.DecodeString(key.E)
				public := &rsa.PublicKey{
					N: new(big.Int).SetBytes(modulus), E: int(new(big.Int).SetBytes(exponent).Int64())}
				return public, errors.Join(wrong, alsoWrong)
			}
		}
		return nil, fmt.Errorf("the key %v is not published", read.Header["kid"])
	}, jwt.WithValidMethods([]string{"RS256"}))
	return claims, err
}

func fetch(ctx context.Context, address string, answer any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", address, response.Status)
	}
	return json.NewDecoder(response.Body).Decode(answer)
}
