#include "ui/network/LayerPicker.h"

#include "core/model/LayerCatalog.h"
#include "ui/network/NodePorts.h"
#include "ui/network/NodeTexts.h"
#include "ui/text/LayerTexts.h"

#include <algorithm>

namespace limpid {

namespace {

/// "residual" of "Block:residual".
QString nameOf(const std::string& entry)
{
    const bool block = std::string_view(entry).starts_with(edits::blockPrefix);
    return QString::fromStdString(block ? entry.substr(edits::blockPrefix.size()) : entry);
}

} // namespace

void LayerChoiceModel::setLayers(const std::vector<std::string>& layers)
{
    m_layers = layers;
    setFilter({});
}

void LayerChoiceModel::setFilter(const QString& text)
{
    const QString wanted = text.trimmed();
    std::vector<std::pair<int, std::string>> found;
    for (const std::string& layer : m_layers) {
        const QString name = nameOf(layer);
        const LayerType* type = findLayer(edits::typeOf(layer));
        int rank = 3;
        if (name.startsWith(wanted, Qt::CaseInsensitive))
            rank = 0;
        else if (name.contains(wanted, Qt::CaseInsensitive))
            rank = 1;
        else if (layerHelp(std::string(edits::typeOf(layer))).contains(wanted, Qt::CaseInsensitive) || (type && groupText(type->group).contains(wanted, Qt::CaseInsensitive)))
            rank = 2;
        if (rank < 3)
            found.emplace_back(rank, layer);
    }
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    beginResetModel();
    m_rows.clear();
    for (auto& [rank, layer] : found)
        m_rows.push_back(std::move(layer));
    endResetModel();
}

std::string LayerChoiceModel::layerAt(int row) const
{
    return row >= 0 && row < rowCount() ? m_rows[static_cast<std::size_t>(row)] : std::string();
}

int LayerChoiceModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant LayerChoiceModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const std::string& layer = m_rows[static_cast<std::size_t>(index.row())];
    if (role == Qt::DisplayRole)
        return nameOf(layer);
    if (role == Qt::ToolTipRole)
        return layerHelp(std::string(edits::typeOf(layer)));
    if (role == FindPopup::besideRole)
        if (const LayerType* type = findLayer(edits::typeOf(layer)))
            return groupText(type->group);
    return {};
}

LayerPicker::LayerPicker(const Theme& theme, QWidget* parent) : LayerPicker(new LayerChoiceModel, theme, parent) {}

LayerPicker::LayerPicker(LayerChoiceModel* model, const Theme& theme, QWidget* parent) : FindPopup("picker", *model, theme, parent), m_model(model)
{
    m_model->setParent(this);
}

void LayerPicker::open(const QPoint& globalPos, const std::vector<std::string>& layers, const QString& heading)
{
    m_model->setLayers(layers);
    openAt(globalPos, heading, tr("Find a layer"), tr("No such layer fits here."));
}

void LayerPicker::filter(const QString& text)
{
    m_model->setFilter(text);
}

void LayerPicker::choose(int row)
{
    emit chosen(m_model->layerAt(row));
}

} // namespace limpid
