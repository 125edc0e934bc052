#pragma once

#include <QAbstractListModel>
#include <QFrame>

#include <string>
#include <vector>

class QLabel;
class QLineEdit;
class QListView;

namespace limpid {

class Theme;

/// Some layers in a given order, and those of them that a text finds: by their name first, then by what they do.
class LayerChoiceModel : public QAbstractListModel
{
    Q_OBJECT
public:
    enum Role { GroupRole = Qt::UserRole + 1 };
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

/// A small list at the pointer from which a layer is chosen: type to find, the arrows move, Enter or a click adds, Esc closes.
class LayerPicker : public QFrame
{
    Q_OBJECT
public:
    LayerPicker(const Theme& theme, QWidget* parent);

    /// `layers`: the best first; `heading` says what they fit.
    void open(const QPoint& globalPos, const std::vector<std::string>& layers, const QString& heading);

signals:
    void chosen(const std::string& type);   ///< after it has closed
    void closed(bool withChoice);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void choose(int row);
    void find(const QString& text);
    LayerChoiceModel* m_model;
    QLabel* m_heading;
    QLineEdit* m_find;
    QListView* m_list;
    QLabel* m_nothing;
    bool m_choosing = false;
};

} // namespace limpid
