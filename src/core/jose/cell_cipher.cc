#include "jose/cell_cipher.h"

#include "base/digest.h"
#include "jose/aead_envelope.h"

#include <algorithm>

namespace oidcop::jose {

namespace {

constexpr char kFormat = '\x02';
constexpr std::size_t kPrefixOctets = 1 + std::tuple_size_v<MasterId>;

const MasterSecret* master_of(const MasterRing& masters, std::string_view cell) {
  if (cell.size() < kPrefixOctets || cell.front() != kFormat) return nullptr;
  MasterId id{};
  std::copy_n(cell.begin() + 1, id.size(), id.begin());
  return masters.find(id);
}

}  // namespace

Result<std::string> CellCipher::encrypt(const Secret& value, const CellAddress& address,
                                        Random& random) const {
  const auto& master = masters_.current();
  const std::string prefix = kFormat + std::string(master.id.begin(), master.id.end());
  const auto info = join_unambiguously({"oidcop cell", issuer_});
  const auto where = join_unambiguously({issuer_, address.table, address.column, address.primary_key});
  return close_envelope(master.octets, {prefix, info, where}, value.reveal(), random);
}

Result<Secret> CellCipher::decrypt(std::string_view cell, const CellAddress& address) const {
  const auto* master = master_of(masters_, cell);
  if (master == nullptr) return fail(does_not_open());
  const auto info = join_unambiguously({"oidcop cell", issuer_});
  const auto where = join_unambiguously({issuer_, address.table, address.column, address.primary_key});
  return open_envelope(master->octets, {cell.substr(0, kPrefixOctets), info, where}, cell);
}

bool CellCipher::is_outdated(std::string_view cell) const {
  const auto* master = master_of(masters_, cell);
  return master != nullptr && master != &masters_.current();
}

}  // namespace oidcop::jose
