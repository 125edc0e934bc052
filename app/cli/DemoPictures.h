#pragma once

#include "core/engine/Trainer.h"
#include "core/explain/Explanation.h"

#include <QByteArray>
#include <QString>

#include <filesystem>
#include <vector>

namespace limpid {

/// A picture as it was written (in light colours), with both themes' PNG bytes for a report.
struct DemoPicture {
    std::filesystem::path path;
    QByteArray light, dark;
    QString sentence;
};

/// curve.png, beeswarm.png and waterfall.png in `folder`. Throws FileUnwritable, DiskFull.
std::vector<DemoPicture> drawDemoPictures(const std::vector<EpochRecord>& epochs, const Explanation& explanation,
                                          const std::filesystem::path& folder);

} // namespace limpid
