#include "ui/explain/EffectColumnsModel.h"

#include "ui/charts/PlotTools.h"

#include <algorithm>

namespace limpid {

void EffectColumnsModel::setEffects(std::shared_ptr<const EffectOutcome> effects, std::size_t output)
{
    beginResetModel();
    m_entries.clear();
    m_tree = false;
    const auto take = [&](const auto& columns) {
        for (std::size_t i = 0; i < columns.size(); ++i)
            m_entries.push_back({i, QString::fromStdString(columns[i].name), columns[i].range(output)});
    };
    if (effects) {
        if (const auto* dependence = std::get_if<std::vector<PartialDependence>>(&effects->result))
            take(*dependence);
        else if (const auto* ale = std::get_if<std::vector<AccumulatedEffects>>(&effects->result))
            take(*ale);
        else if (const auto* tree = std::get_if<SurrogateTree>(&effects->result)) {
            m_tree = true;
            for (std::size_t i = 0; i < tree->columns.size(); ++i) {
                if (output < tree->columns[i].importance.size())
                    m_entries.push_back({i, QString::fromStdString(tree->columns[i].name), tree->columns[i].importance[output]});
            }
        }
    }
    std::stable_sort(m_entries.begin(), m_entries.end(), [](const Entry& a, const Entry& b) { return a.size > b.size; });
    endResetModel();
}

int EffectColumnsModel::columnAt(int line) const
{
    return offersPlots() && line > 0 && line <= static_cast<int>(m_entries.size()) ? static_cast<int>(m_entries[static_cast<std::size_t>(line) - 1].column) : -1;
}

int EffectColumnsModel::lineOf(int column) const
{
    if (!offersPlots())
        return -1;
    for (std::size_t i = 0; i < m_entries.size(); ++i)
        if (static_cast<int>(m_entries[i].column) == column)
            return static_cast<int>(i) + 1;
    return m_entries.empty() ? -1 : 0;
}

std::vector<std::size_t> EffectColumnsModel::order() const
{
    std::vector<std::size_t> columns;
    for (const Entry& entry : m_entries)
        columns.push_back(entry.column);
    return columns;
}

int EffectColumnsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || m_entries.empty() ? 0 : static_cast<int>(m_entries.size()) + (offersPlots() ? 1 : 0);
}

int EffectColumnsModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : 2; }

QVariant EffectColumnsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    if (role == Qt::TextAlignmentRole && index.column() == 1)
        return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole && !(role == Qt::ToolTipRole && index.column() == 0)) // a name may be cut off
        return {};
    if (offersPlots() && index.row() == 0)
        return index.column() == 0 ? tr("All columns") : QString();
    const Entry& entry = m_entries[static_cast<std::size_t>(index.row()) - (offersPlots() ? 1 : 0)];
    return index.column() == 0 ? entry.name : plot::shortText(entry.size, 3);
}

QVariant EffectColumnsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((section == 1 ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && section == 1)
        return m_tree ? tr("How much the column counts in the tree: the mean size of its Shapley value over the rows (TreeSHAP), in the unit of the prediction.")
                      : tr("How far the prediction moves from the column's lowest effect to its highest.");
    if (role != Qt::DisplayRole)
        return {};
    return section == 0 ? tr("column") : m_tree ? tr("mean |SHAP|") : tr("moves by");
}

} // namespace limpid
