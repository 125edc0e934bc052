#pragma once

#include "ui/widgets/FindPopup.h"

#include <QAbstractListModel>

#include <string>
#include <vector>

namespace limpid {

/// Some layers in a given order, and those of them that a text finds: by their name first, then by what they do.
class LayerChoiceModel : public QAbstractListModel
{
    Q_OBJECT
public:
    using QAbstractListModel::QAbstractListModel;

    void setLayers(const std::vector<std::string>& layers);
    void setFilter(const QString& text);
    /// "" where there is none.
    std::string layerAt(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

private:
    std::vector<std::string> m_layers, m_rows;
};

/// A small list at the pointer from which a layer is chosen.
class LayerPicker : public FindPopup
{
    Q_OBJECT
public:
    LayerPicker(const Theme& theme, QWidget* parent);

    /// `layers`: the best first; `heading` says what they fit.
    void open(const QPoint& globalPos, const std::vector<std::string>& layers, const QString& heading);

signals:
    void chosen(const std::string& type);   ///< after it has closed

protected:
    void filter(const QString& text) override;
    void choose(int row) override;

private:
    LayerPicker(LayerChoiceModel* model, const Theme& theme, QWidget* parent);
    LayerChoiceModel* m_model;
};

} // namespace limpid
