#include "app/cli/DemoPictures.h"

#include "core/base/File.h"
#include "core/explain/TellingOutput.h"
#include "ui/charts/Plot.h"

#include <QTemporaryDir>

#include <algorithm>
#include <cmath>

namespace limpid {

namespace fs = std::filesystem;

namespace {

constexpr int width = 880;

QByteArray bytesOf(const fs::path& path)
{
    return QByteArray::fromStdString(readFile(path));
}

DemoPicture draw(const Plot& plot, const fs::path& path)
{
    const QSize size(width, int(std::ceil(plot.preferredHeight(width))));
    Theme light(nullptr), dark(nullptr);
    light.setMode(Theme::Mode::Light);
    dark.setMode(Theme::Mode::Dark);
    DemoPicture picture{path, {}, {}, plot.sentence()};
    savePlot(plot, QString::fromStdString(utf8(path)), size, light);
    picture.light = bytesOf(path);
    const QTemporaryDir folder;
    const QString other = folder.filePath(QStringLiteral("dark.png"));
    savePlot(plot, other, size, dark);
    picture.dark = bytesOf(other.toStdString());
    return picture;
}

} // namespace

std::vector<DemoPicture> drawDemoPictures(const std::vector<EpochRecord>& epochs, const Explanation& explanation, const fs::path& folder)
{
    Curve train{QStringLiteral("training"), {}}, validation{QStringLiteral("validation"), {}};
    for (const EpochRecord& epoch : epochs) {
        train.points.emplace_back(epoch.epoch, epoch.trainLoss);
        validation.points.emplace_back(epoch.epoch, epoch.validationLoss);
    }
    const auto shared = std::make_shared<const Explanation>(explanation);
    const std::size_t output = tellingOutput(explanation);
    // The row that the chosen output is surest of.
    std::size_t row = 0;
    for (std::size_t i = 1; i < explanation.rowCount(); ++i) {
        if (explanation.predictions[i * explanation.outputs.size() + output] > explanation.predictions[row * explanation.outputs.size() + output])
            row = i;
    }
    std::vector<DemoPicture> pictures;
    pictures.push_back(draw(*makeCurves({train, validation}, QStringLiteral("epoch"), QStringLiteral("loss")), folder / "curve.png"));
    pictures.push_back(draw(*makeBeeswarm(shared, output), folder / "beeswarm.png"));
    pictures.push_back(draw(*makeWaterfall(shared, output, row), folder / "waterfall.png"));
    return pictures;
}

} // namespace limpid
